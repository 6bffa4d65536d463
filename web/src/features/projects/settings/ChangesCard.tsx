import { Button, Card, Table, Text, Title } from "@mantine/core"

import { ago } from "../../../ui"
import { useClassChanges, useUndoChange } from "../queries"
import { strings } from "./strings"

/** The latest changes of the class list, each with its way back. */
export function ChangesCard({ projectId }: { projectId: string }) {
  const changes = useClassChanges(projectId)
  const undo = useUndoChange(projectId)
  const latest = changes.data?.slice(0, 8) ?? []
  if (latest.length === 0) return null
  const newest = latest.find((change) => change.undone_at === null)
  return (
    <Card padding="lg">
      <Title order={2} mb="xs">
        {strings.changes}
      </Title>
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {latest.map((change) => (
            <Table.Tr key={change.id}>
              <Table.Td>
                <Text size="sm" c={change.undone_at ? "dimmed" : undefined} td={change.undone_at ? "line-through" : undefined}>
                  {change.summary}
                </Text>
              </Table.Td>
              <Table.Td w={130}>
                <Text size="sm" c="dimmed">
                  {ago(change.created_at)}
                </Text>
              </Table.Td>
              <Table.Td w={110} ta="right" h={38}>
                {change === newest && (
                  <Button variant="default" size="compact-sm" loading={undo.isPending} onClick={() => undo.mutate(change.id)}>
                    {strings.undo}
                  </Button>
                )}
                {change.undone_at && (
                  <Text size="sm" c="dimmed">
                    {strings.undone}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
