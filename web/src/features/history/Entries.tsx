import { Badge, Card, Group, Stack, Table, Text, Title } from "@mantine/core"

import { LinkAnchor, moment } from "../../ui"
import { Changes } from "./Changes"
import type { Entry, Scope } from "./queries"
import { strings } from "./strings"
import { byDay, clock, sentence } from "./words"

/** Events, day by day. */
export function Entries({ scope, entries }: { scope: Scope; entries: readonly Entry[] }) {
  return (
    <Stack gap="md" data-testid="history">
      {byDay(entries).map(({ day, entries: found }) => (
        <section key={day} aria-label={day}>
          <Title order={2} size="h3" mb="xs">
            {day}
          </Title>
          <Card padding={0}>
            <Table verticalSpacing="sm" horizontalSpacing="md" layout="fixed">
              <Table.Tbody>
                {found.map((entry) => (
                  <Row key={entry.id} scope={scope} entry={entry} />
                ))}
              </Table.Tbody>
            </Table>
          </Card>
        </section>
      ))}
    </Stack>
  )
}

function Row({ scope, entry }: { scope: Scope; entry: Entry }) {
  return (
    <Table.Tr data-testid="history-entry" style={{ verticalAlign: "top" }}>
      <Table.Td w="4.5rem">
        <Text size="sm" c="dimmed" title={moment(entry.at)}>
          {clock(entry.at)}
        </Text>
      </Table.Td>
      <Table.Td w="9rem">
        <Text size="sm" fw={600} c={entry.actor_name === null ? "dimmed" : undefined} truncate>
          {entry.actor_name ?? strings.server}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Text style={{ overflowWrap: "anywhere" }}>{sentence(entry.text)}</Text>
          {scope !== null && <Subject projectId={scope} entry={entry} />}
        </Group>
        <Changes entry={entry} />
      </Table.Td>
      <Table.Td w="12.5rem" ta="right">
        <Badge variant="light" color="gray" tt="none">
          {strings.kinds[entry.kind] ?? entry.kind}
        </Badge>
      </Table.Td>
    </Table.Tr>
  )
}

/** A way to what it was done to, where it has a page. */
function Subject({ projectId, entry }: { projectId: string; entry: Entry }) {
  const id = entry.subject_id
  if (entry.image_id !== null) {
    return (
      <LinkAnchor size="sm" to="/projects/$projectId/history/$imageId" params={{ projectId, imageId: entry.image_id }} search={stateOf(entry)}>
        {strings.show}
      </LinkAnchor>
    )
  }
  if (id === null || entry.action.endsWith(".deleted")) return null
  if (entry.kind === "batch") return <LinkAnchor size="sm" to="/projects/$projectId/batches/$batchId" params={{ projectId, batchId: id }}>{strings.show}</LinkAnchor>
  if (entry.kind === "version") return <LinkAnchor size="sm" to="/projects/$projectId/versions/$versionId" params={{ projectId, versionId: id }}>{strings.show}</LinkAnchor>
  if (entry.kind === "run") return <LinkAnchor size="sm" to="/projects/$projectId/runs/$runId" params={{ projectId, runId: id }}>{strings.show}</LinkAnchor>
  if (entry.kind === "model") return <LinkAnchor size="sm" to="/projects/$projectId/models/$modelId" params={{ projectId, modelId: id }}>{strings.show}</LinkAnchor>
  return null
}

const stateOf = ({ details }: Entry) => (typeof details.revision === "number" ? { state: details.revision } : {})
