import { Anchor, Card, Progress, Table, Text } from "@mantine/core"

import { CardTitle } from "../../ui"
import type { Agreement, Differing } from "./queries"
import { strings } from "./strings"

/** How far people agree on each class; the weakest first. */
export function ClassTable({ found, onOpen }: { found: Agreement; onOpen: (differing: Differing) => void }) {
  const rows = [...found.classes].sort((a, b) => (a.agreed ?? 2) - (b.agreed ?? 2))
  return (
    <Card padding="lg" data-testid="classes">
      <CardTitle gap={false}>{strings.classes.title}</CardTitle>
      <Text c="dimmed" mb="sm">
        {strings.classes.text}
      </Text>
      <Table.ScrollContainer minWidth={320} mah={420}>
        <Table verticalSpacing={4} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{strings.classes.class}</Table.Th>
              <Table.Th ta="right">{strings.classes.times}</Table.Th>
              <Table.Th ta="right" colSpan={2}>
                {strings.classes.agreed}
              </Table.Th>
              {found.kind === "objects" && <Table.Th ta="right">{strings.classes.overlap}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.said}>
                <Table.Td>
                  <Anchor component="button" size="sm" onClick={() => onOpen({ said: [row.said] })}>
                    {row.name}
                  </Anchor>
                </Table.Td>
                <Table.Td ta="right">{row.times.toLocaleString("en")}</Table.Td>
                <Table.Td w={80}>
                  <Progress value={100 * (row.agreed ?? 0)} size="sm" aria-hidden />
                </Table.Td>
                <Table.Td ta="right" w={64}>
                  {strings.share(row.agreed)}
                </Table.Td>
                {found.kind === "objects" && <Table.Td ta="right">{strings.share(row.mean_overlap)}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  )
}
