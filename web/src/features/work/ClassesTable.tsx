import { Table } from "@mantine/core"

import { percent } from "../../ui"
import type { ClassWork } from "./queries"
import { strings } from "./strings"

/** How many there are of each class, how far people agree on it, and how often suggestions of it are put right. */
export function ClassesTable({ rows }: { rows: readonly ClassWork[] }) {
  return (
    <Table data-testid="work-classes">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{strings.className}</Table.Th>
          {[strings.count, strings.agreed, strings.suggested].map((name) => (
            <Table.Th key={name} ta="right">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.class_id}>
            <Table.Td>{row.name}</Table.Td>
            <Table.Td ta="right">{row.count.toLocaleString("en")}</Table.Td>
            <Table.Td ta="right">{row.agreed === null ? strings.none : percent(row.agreed)}</Table.Td>
            <Table.Td ta="right">{row.corrected_share === null ? strings.none : `${percent(row.corrected_share)} (${strings.of(row.corrected, row.suggested)})`}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
