import { Anchor, Group, Table, Text, TextInput, Tooltip, UnstyledButton } from "@mantine/core"
import { useState } from "react"

import { IntervalBar } from "./IntervalBar"
import type { ClassReport } from "./queries"
import { strings } from "./strings"
import { percent } from "./words"

type Column = "name" | "n" | "precision" | "recall" | "f1"

const FIND_FROM = 12

export function sorted(classes: readonly ClassReport[], by: Column, isUp: boolean): ClassReport[] {
  const sign = isUp ? 1 : -1
  const value = (entry: ClassReport) => (by === "name" ? entry.name.toLowerCase() : (entry[by] ?? -1))
  return [...classes].sort((a, b) => (value(a) < value(b) ? -sign : value(a) > value(b) ? sign : a.name.localeCompare(b.name)))
}

/** Each class with what the model gets right, and how sure that figure is; weakest first. */
export function ClassTable({ classes, onOpen }: { classes: readonly ClassReport[]; onOpen: (classId: string) => void }) {
  const [by, setBy] = useState<Column>("recall")
  const [isUp, setUp] = useState(true)
  const [text, setText] = useState("")
  const shown = sorted(classes, by, isUp).filter((entry) => entry.name.toLowerCase().includes(text.trim().toLowerCase()))
  function sort(column: Column) {
    setUp(column === by ? !isUp : column === "name" || column !== "n")
    setBy(column)
  }
  const head = (column: Column, label: string) => (
    <Table.Th aria-sort={by === column ? (isUp ? "ascending" : "descending") : "none"}>
      <UnstyledButton onClick={() => sort(column)} fw={600} fz="sm">
        {label} {by === column ? (isUp ? "↑" : "↓") : ""}
      </UnstyledButton>
    </Table.Th>
  )
  return (
    <>
      {classes.length > FIND_FROM && <TextInput size="xs" w={240} mb="xs" placeholder={strings.findClass} aria-label={strings.findClass} value={text} onChange={(event) => setText(event.currentTarget.value)} />}
      <Table.ScrollContainer minWidth={640} mah={520}>
        <Table verticalSpacing={4} stickyHeader highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {head("name", strings.class)}
              {head("n", strings.n)}
              {head("recall", strings.recall)}
              {head("precision", strings.precision)}
              {head("f1", strings.f1)}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((entry) => (
              <Table.Tr key={entry.class_id}>
                <Table.Td>
                  <Anchor component="button" size="sm" onClick={() => onOpen(entry.class_id)}>
                    {entry.name}
                  </Anchor>
                </Table.Td>
                <Table.Td>{entry.n}</Table.Td>
                <Measured value={entry.recall} interval={entry.recall_interval} label={strings.recall} />
                <Measured value={entry.precision} interval={entry.precision_interval} label={strings.precision} />
                <Table.Td style={{ whiteSpace: "nowrap" }}>{entry.f1 === null ? "–" : percent(entry.f1)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}

function Measured({ value, interval, label }: { value: number | null; interval: readonly number[]; label: string }) {
  const [low = 0, high = 1] = interval
  return (
    <Table.Td>
      <Tooltip label={`${percent(low)} to ${percent(high)}`} disabled={value === null}>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" miw={52} ta="right" style={{ whiteSpace: "nowrap" }}>
            {value === null ? "–" : percent(value)}
          </Text>
          <IntervalBar value={value} interval={interval} label={label} />
        </Group>
      </Tooltip>
    </Table.Td>
  )
}
