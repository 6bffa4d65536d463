import { Table, Text } from "@mantine/core"
import type { ReactNode } from "react"

import { ago, percent } from "../../ui"
import type { PersonWork } from "./queries"
import { strings } from "./strings"

interface Props {
  rows: readonly PersonWork[]
  isDrawn: boolean
  isLead: boolean
}

/** What each person did and how it went. */
export function PeopleTable({ rows, isDrawn, isLead }: Props) {
  const columns = [strings.pictures, ...(isDrawn ? [strings.objects] : []), isDrawn ? strings.each.object : strings.each.picture, strings.accepted, strings.reviewed, strings.gold, strings.agreed, strings.last]
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table data-testid="work-people">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{strings.person}</Table.Th>
            {columns.map((name) => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.user_id}>
              <Table.Td>{row.name}</Table.Td>
              <Figure value={row.pictures.toLocaleString("en")} />
              {isDrawn && <Figure value={row.objects.toLocaleString("en")} />}
              <Figure value={row.seconds_each?.toFixed(1)} />
              <Figure value={row.accepted + row.corrected > 0 ? row.accepted.toLocaleString("en") : undefined} hint={`${row.corrected.toLocaleString("en")} ${strings.corrected}`} />
              <Figure value={row.reviewed > 0 ? row.reviewed.toLocaleString("en") : undefined} hint={strings.reviewedHint(row.review_accepted, row.review_corrected, row.review_rejected)} />
              <Figure value={row.gold.accuracy === null ? undefined : percent(row.gold.accuracy)} hint={strings.of(row.gold.right, row.gold.known)} />
              <Figure value={row.agreed === null ? undefined : percent(row.agreed)} hint={strings.compared(row.compared)} />
              <Figure value={row.last_at ? ago(row.last_at) : undefined} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!isLead && (
        <Text size="xs" c="dimmed" mt="xs">
          {strings.gold}: {strings.goldOwnHint}
        </Text>
      )}
    </Table.ScrollContainer>
  )
}

function Figure({ value, hint }: { value: ReactNode; hint?: string }) {
  if (value === undefined)
    return (
      <Table.Td ta="right" c="dimmed">
        {strings.none}
      </Table.Td>
    )
  return (
    <Table.Td ta="right">
      {value}
      {hint && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </Table.Td>
  )
}
