import { ActionIcon, Group, Popover, Progress, Text, Tooltip } from "@mantine/core"
import { IconInfoCircle } from "@tabler/icons-react"

import { useBatch } from "../../../api/batches"
import { LinkAnchor, moment } from "../../../ui"
import { strings } from "./strings"

/** The batch that is labelled: its name, how far everybody is, and what to know about it. */
export function BatchLine({ projectId, batchId }: { projectId: string; batchId: string }) {
  const batch = useBatch(projectId, batchId).data
  if (!batch) return null
  const said = strings.progress(batch.given, batch.wanted)
  return (
    <Group gap="sm" wrap="nowrap" data-testid="batch-line">
      <LinkAnchor to="/projects/$projectId/batches/$batchId" params={{ projectId, batchId }} fw={600} maw={260} truncate>
        {batch.name}
      </LinkAnchor>
      <Tooltip label={batch.deadline ? `${said}, ${strings.until(moment(batch.deadline))}` : said}>
        <Progress w={110} value={batch.wanted ? (100 * batch.given) / batch.wanted : 100} aria-label={said} />
      </Tooltip>
      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        {said}
      </Text>
      {batch.note && (
        <Popover width={380} position="bottom-start" withArrow>
          <Popover.Target>
            <ActionIcon variant="subtle" aria-label={strings.note}>
              <IconInfoCircle size={18} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {batch.note}
            </Text>
          </Popover.Dropdown>
        </Popover>
      )}
    </Group>
  )
}
