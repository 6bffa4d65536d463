import { ActionIcon, Anchor, ColorPicker, Kbd, Menu, Popover, Table, Text, TextInput, UnstyledButton } from "@mantine/core"
import { IconArrowDown, IconArrowMerge, IconArrowsSplit2, IconArrowUp, IconBone, IconDots, IconGripVertical, IconTrash } from "@tabler/icons-react"
import { useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import { ClassDot, plural } from "../../../ui"
import { strings } from "./strings"

const SWATCHES = ["#c5502f", "#dfa32f", "#8a9a3b", "#3b967a", "#2f8fa8", "#4a6fb5", "#7d5fb0", "#b0578f", "#8a6a4a", "#6f7a80", "#e07b7b", "#5aa860"]

interface Props {
  entry: ProjectClass
  index: number
  isLast: boolean
  onChange: (change: { name?: string; color?: string }) => void
  onMove: (step: number) => void
  onDrag: () => void
  onDrop: () => void
  onEnd: (action: "merge" | "delete") => void
  onSplit: () => void
  /** Opens its points; absent where objects have none. */
  onPoints?: (() => void) | undefined
  /** Every class of the project needs points. */
  isPointed: boolean
}

/** One class: its colour and name change in place. */
export function ClassRow({ entry, index, isLast, onChange, onMove, onDrag, onDrop, onEnd, onSplit, onPoints, isPointed }: Props) {
  const [isOver, setOver] = useState(false)
  return (
    <Table.Tr
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onDrop()
      }}
      bg={isOver ? "var(--my-accent-soft)" : undefined}
    >
      <Table.Td w={30} draggable onDragStart={onDrag} style={{ cursor: "grab" }}>
        <IconGripVertical size={16} color="var(--my-quiet)" aria-hidden style={{ display: "block" }} />
      </Table.Td>
      <Table.Td w={40}>
        <Colour entry={entry} onPick={(color) => onChange({ color })} />
      </Table.Td>
      <Table.Td>
        <Name key={entry.name} name={entry.name} onRename={(name) => onChange({ name })} />
      </Table.Td>
      <Table.Td w={50}>{index < 10 && <Kbd>{(index + 1) % 10}</Kbd>}</Table.Td>
      <Table.Td w={110} ta="right">
        <Text size="sm" c="dimmed">
          {onPoints && entry.skeleton && (
            <Anchor component="button" type="button" size="sm" mr="sm" onClick={onPoints}>
              {strings.skeleton.count(entry.skeleton.points.length)}
            </Anchor>
          )}
          {onPoints && isPointed && !entry.skeleton && (
            <Anchor component="button" type="button" size="sm" mr="sm" onClick={onPoints}>
              {strings.skeleton.none}
            </Anchor>
          )}
          {plural(entry.images, "picture")}
        </Text>
      </Table.Td>
      <Table.Td w={46} ta="right">
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={strings.more(entry.name)}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconArrowUp size={16} aria-hidden />} disabled={index === 0} onClick={() => onMove(-1)}>
              {strings.up}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={16} aria-hidden />} disabled={isLast} onClick={() => onMove(1)}>
              {strings.down}
            </Menu.Item>
            {onPoints && (
              <Menu.Item leftSection={<IconBone size={16} aria-hidden />} onClick={onPoints}>
                {strings.skeleton.open}
              </Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Item leftSection={<IconArrowMerge size={16} aria-hidden />} disabled={index === 0 && isLast} onClick={() => onEnd("merge")}>
              {strings.merge}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowsSplit2 size={16} aria-hidden />} onClick={onSplit}>
              {strings.splitUp}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} color="clay" onClick={() => onEnd("delete")}>
              {strings.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  )
}

function Colour({ entry, onPick }: { entry: ProjectClass; onPick: (color: string) => void }) {
  const [color, setColor] = useState(entry.color)
  return (
    <Popover position="bottom-start" shadow="md" onClose={() => color !== entry.color && onPick(color)} trapFocus>
      <Popover.Target>
        <UnstyledButton aria-label={`${strings.color}: ${entry.name}`} p={4}>
          <ClassDot color={color} size={18} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <ColorPicker format="hex" value={color} onChange={setColor} swatches={SWATCHES} swatchesPerRow={6} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Name({ name, onRename }: { name: string; onRename: (name: string) => void }) {
  const [text, setText] = useState(name)
  const finish = () => {
    const next = text.trim()
    if (next !== "" && next !== name) onRename(next)
    else setText(name)
  }
  return (
    <TextInput
      aria-label={strings.className}
      variant="unstyled"
      value={text}
      maxLength={100}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur()
        if (event.key === "Escape") setText(name)
      }}
      styles={{ input: { fontWeight: 500, paddingInline: 6 } }}
    />
  )
}
