import { Anchor, Stack, Text } from "@mantine/core"
import { IconChecks } from "@tabler/icons-react"

import { useWork } from "../../../api/batches"
import { EmptyState, LinkAnchor, LinkButton } from "../../../ui"
import type { QueueState } from "../session/queue"
import type { ToReview } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string | null
  waiting: QueueState<ToReview>
  said: string
  onTakeBack: (() => void) | undefined
}

/** Nothing more to review: why, and what comes next. */
export function ReviewDone({ projectId, batchId, waiting, said, onTakeBack }: Props) {
  const next = useWork().data?.find((work) => work.to_review > 0 && work.batch_id !== batchId)
  const { notice, remaining } = waiting
  return (
    <EmptyState
      icon={<IconChecks size={28} stroke={1.5} />}
      title={notice ? strings.stoppedTitle : strings.doneTitle}
      text={notice ?? (remaining > 0 ? strings.doneOthers : strings.doneText)}
      action={
        <Stack align="center" gap="xs">
          {next && batchId !== null && (
            <LinkButton to="/projects/$projectId/review" params={{ projectId: next.project_id }} search={{ batch: next.batch_id }}>
              {strings.next(next.name, next.to_review)}
            </LinkButton>
          )}
          <LinkAnchor size="sm" to="/projects/$projectId/batches" params={{ projectId }}>
            {strings.batches}
          </LinkAnchor>
          {onTakeBack && (
            <Anchor component="button" type="button" size="sm" onClick={onTakeBack}>
              {strings.takeBack}
            </Anchor>
          )}
          <Text size="sm" aria-live="polite" data-testid="said">
            {said}
          </Text>
        </Stack>
      }
    />
  )
}
