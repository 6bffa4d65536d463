import { ColorSwatch, Group, Progress, Table } from "@mantine/core"

import type { ClassCount } from "./preview"
import { strings } from "./strings"

interface Props {
  classes: readonly ClassCount[]
  /** With a bar that compares the classes. */
  hasBars?: boolean
}

/** The classes with how many pictures have them and, where things are drawn, how many objects there are. */
export function ClassCounts({ classes, hasBars = false }: Props) {
  const most = Math.max(...classes.map((entry) => entry.objects ?? entry.images), 1)
  const isDrawn = classes.some((entry) => entry.objects !== null && entry.objects !== entry.images)
  return (
    <Table verticalSpacing={4} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{strings.class}</Table.Th>
          <Table.Th ta="right">{strings.count}</Table.Th>
          {isDrawn && <Table.Th ta="right">{strings.objectsTitle}</Table.Th>}
          {hasBars && <Table.Th w="45%">{strings.share}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {classes.map((entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td>
              <Group gap={8} wrap="nowrap">
                <ColorSwatch color={entry.color} size={12} withShadow={false} />
                {entry.name}
              </Group>
            </Table.Td>
            <Table.Td ta="right">{entry.images.toLocaleString("en")}</Table.Td>
            {isDrawn && <Table.Td ta="right">{entry.objects?.toLocaleString("en")}</Table.Td>}
            {hasBars && (
              <Table.Td>
                <Progress value={((entry.objects ?? entry.images) / most) * 100} color={entry.color} aria-label={strings.shareOf(entry.name)} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
