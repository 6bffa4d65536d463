import { Card, Table, Text, Title } from "@mantine/core"

import type { Batch } from "../../api/batches"
import { LinkAnchor } from "../../ui"
import { useOnScreens } from "./queries"
import { strings } from "./strings"

/** Who has pictures of a batch on the screen just now, and for whoever leads the work, which. */
export function OnScreens({ batch }: { batch: Batch }) {
  const here = useOnScreens(batch.project_id, batch.id).data ?? []
  return (
    <Card padding="lg" data-testid="on-screens">
      <Title order={2} mb="xs">
        {strings.detail.nowTitle}
      </Title>
      {here.length === 0 && <Text c="dimmed">{strings.detail.nowNobody}</Text>}
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {here.map((person) => (
            <Table.Tr key={person.user_id}>
              <Table.Td pl={0}>{person.name}</Table.Td>
              <Table.Td>
                {person.image_id ? (
                  <LinkAnchor size="sm" to="/projects/$projectId/images" params={{ projectId: batch.project_id }} search={{ image: person.image_id }}>
                    {person.image_name}
                  </LinkAnchor>
                ) : null}
              </Table.Td>
              <Table.Td ta="right" c="dimmed">
                {strings.detail.nowPictures(person.pictures)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
