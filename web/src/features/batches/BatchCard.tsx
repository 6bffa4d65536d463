import { Badge, Card, Group, Text } from "@mantine/core"

import type { Batch } from "../../api/batches"
import { LinkAnchor, LinkButton, moment } from "../../ui"
import { BatchProgress } from "./BatchProgress"
import { StateBadge } from "./StateBadge"
import { strings } from "./strings"
import { useMayLabel, useMayReview } from "./permissions"

/** One batch of the list: how far it is, whose it is, until when. */
export function BatchCard({ batch }: { batch: Batch }) {
  const mayLabel = useMayLabel(batch)
  const mayReview = useMayReview(batch)
  const place = { projectId: batch.project_id, batchId: batch.id }
  const named = batch.people.filter((person) => person.is_named).map((person) => person.name)
  return (
    <Card withBorder data-testid="batch">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Group gap="sm" miw={0}>
          <LinkAnchor to="/projects/$projectId/batches/$batchId" params={place} fw={600} truncate>
            {batch.name}
          </LinkAnchor>
          <StateBadge batch={batch} />
          {batch.disputed > 0 && (
            <Badge variant="light" color="brass">
              {strings.disputed(batch.disputed)}
            </Badge>
          )}
          {batch.to_review > 0 && (
            <Badge variant="light" color="gray">
              {strings.toReview(batch.to_review)}
            </Badge>
          )}
        </Group>
        <Group gap="xs" wrap="nowrap">
          {mayReview && (
            <LinkButton size="compact-md" variant="light" to="/projects/$projectId/review" params={{ projectId: batch.project_id }} search={{ batch: batch.id }}>
              {strings.review}
            </LinkButton>
          )}
          {mayLabel && (
            <LinkButton size="compact-md" variant="light" to="/projects/$projectId/label" params={{ projectId: batch.project_id }} search={{ batch: batch.id }}>
              {strings.label}
            </LinkButton>
          )}
        </Group>
      </Group>
      <BatchProgress batch={batch} />
      <Group gap="md" mt={4}>
        <Text size="sm" c="dimmed">
          {[
            strings.progress(batch.given, batch.wanted),
            strings.overlap(batch.overlap),
            batch.is_for_all ? strings.everybody : strings.people(named),
            batch.deadline && strings.until(moment(batch.deadline)),
            batch.ends_at && strings.ends(moment(batch.ends_at)),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </Group>
      {batch.order_note && batch.state === "open" && (
        <Text size="sm" c="dimmed">
          {batch.order_note}
        </Text>
      )}
    </Card>
  )
}
