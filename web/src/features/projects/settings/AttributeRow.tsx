import { ActionIcon, Badge, Group, Table, TagsInput, Text, TextInput } from "@mantine/core"
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react"
import { useState } from "react"

import type { Attribute } from "../../../api/shared"
import { renamedChoice } from "./choices"
import { strings } from "./strings"

const { attributes: words } = strings

interface Props {
  entry: Attribute
  /** Of the only class that it is asked of. */
  className: string | null
  isFirst: boolean
  isLast: boolean
  onChange: (change: { name?: string; choices?: string[]; renamed_choices?: Record<string, string> }) => void
  onMove: (step: number) => void
  onEnd: () => void
}

/** One attribute: its name and choices change in place; values follow. */
export function AttributeRow({ entry, className, isFirst, isLast, onChange, onMove, onEnd }: Props) {
  const [name, setName] = useState(entry.name)
  const rename = () => {
    const next = name.trim()
    if (next !== "" && next !== entry.name) onChange({ name: next })
    else setName(entry.name)
  }
  return (
    <Table.Tr>
      <Table.Td w={210} style={{ verticalAlign: "top" }}>
        <TextInput
          aria-label={words.name}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur()
            if (event.key === "Escape") setName(entry.name)
          }}
        />
        {className && (
          <Text size="xs" c="dimmed" mt={2}>
            {words.onlyClass(className)}
          </Text>
        )}
      </Table.Td>
      <Table.Td w={135} style={{ verticalAlign: "top", paddingTop: 14 }}>
        <Badge variant="light" color="gray">
          {words.kinds[entry.kind]}
        </Badge>
      </Table.Td>
      <Table.Td>{entry.kind === "choice" && <Choices entry={entry} onChange={onChange} />}</Table.Td>
      <Table.Td w={120} style={{ verticalAlign: "top", paddingTop: 10 }}>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <Small label={`${strings.up}: ${entry.name}`} isDisabled={isFirst} onClick={() => onMove(-1)}>
            <IconArrowUp size={16} />
          </Small>
          <Small label={`${strings.down}: ${entry.name}`} isDisabled={isLast} onClick={() => onMove(1)}>
            <IconArrowDown size={16} />
          </Small>
          <Small label={`${strings.remove} ${entry.name}`} onClick={onEnd}>
            <IconTrash size={16} />
          </Small>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

/** Choices are added and taken out as tags; “old = new” renames one, and values follow. */
function Choices({ entry, onChange }: Pick<Props, "entry" | "onChange">) {
  const change = (next: string[]) => {
    const renamed = renamedChoice(entry.choices, next)
    if (renamed) onChange(renamed)
    else if (next.length > 0) onChange({ choices: next })
  }
  return <TagsInput aria-label={`${words.choices}: ${entry.name}`} description={words.choicesHint} value={entry.choices} onChange={change} splitChars={[",", ";", "\n", "\t"]} acceptValueOnBlur={false} />
}

function Small({ label, onClick, isDisabled = false, children }: { label: string; onClick: () => void; isDisabled?: boolean; children: React.ReactNode }) {
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
      {children}
    </ActionIcon>
  )
}
