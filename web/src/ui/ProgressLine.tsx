import { Box, Button, Group, Progress, Text } from "@mantine/core"
import type { ReactNode } from "react"

import { duration } from "./format"
import { strings } from "./strings"

interface Props {
  title: ReactNode
  stage?: string
  done: number
  total: number | null
  rate?: number | null
  etaS?: number | null
  failed?: number
  isWaiting?: boolean
  onCancel?: () => void
  isCancelling?: boolean
}

/** Work under way: how far, how fast, how long still, and a way to stop it. */
export function ProgressLine({ title, stage, done, total, rate, etaS, failed = 0, isWaiting = false, onCancel, isCancelling }: Props) {
  const share = total ? Math.min(100, (done / total) * 100) : null
  const facts = [
    stage,
    total ? strings.ofTotal(done, total) : done > 0 ? done.toLocaleString() : null,
    rate && rate > 0 ? strings.rate(rate) : null,
    etaS !== null && etaS !== undefined && etaS > 0 ? strings.left(duration(etaS)) : null,
  ].filter(Boolean)
  return (
    <Box data-testid="progress">
      <Group justify="space-between" wrap="nowrap" gap="sm" mb={6}>
        <Text fw={600} truncate component="div">
          {title}
        </Text>
        {onCancel && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={onCancel} loading={isCancelling}>
            {strings.cancel}
          </Button>
        )}
      </Group>
      <Progress
        value={share ?? (isWaiting ? 0 : 100)}
        animated={share === null && !isWaiting}
        striped={share === null && !isWaiting}
        transitionDuration={300}
        aria-label={typeof title === "string" ? title : strings.keys}
      />
      <Group justify="space-between" mt={4} gap="sm">
        <Text size="sm" c="dimmed" aria-live="polite">
          {facts.join(" · ")}
        </Text>
        {failed > 0 && (
          <Text size="sm" c="clay.7" className="my-bad">
            {strings.failed(failed)}
          </Text>
        )}
      </Group>
    </Box>
  )
}
