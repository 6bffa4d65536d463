import { Button, Kbd, Menu, ScrollArea, Text, TextInput } from "@mantine/core"
import { IconSearch, type IconTagPlus } from "@tabler/icons-react"
import { useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import { ClassDot } from "../../../ui"
import { strings } from "../strings"

interface Props {
  label: string
  icon: typeof IconTagPlus
  /** Opens the menu. */
  keyName: string | null
  classes: readonly ProjectClass[]
  /** The key that chooses the class in this place, as it is printed. */
  keyAt: (place: number) => string | null
  isBusy: boolean
  isOpen: boolean
  onOpen: (isOpen: boolean) => void
  onChoose: (classId: string) => void
}

/** Classes to choose one from, found by typing. */
export function ClassMenu({ label, icon: Icon, keyName, classes, keyAt, isBusy, isOpen, onOpen, onChoose }: Props) {
  const [text, setText] = useState("")
  const rows = classes.map((entry, place) => ({ ...entry, place })).filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()))
  const open = (next: boolean) => {
    setText("")
    onOpen(next)
  }
  const choose = (classId: string | undefined) => {
    if (classId === undefined) return
    open(false)
    onChoose(classId)
  }
  return (
    <Menu position="top-start" opened={isOpen} onChange={open} trapFocus width={260}>
      <Menu.Target>
        <Button variant="default" size="compact-md" leftSection={<Icon size={15} aria-hidden />} rightSection={keyName && <Kbd size="xs">{keyName}</Kbd>} disabled={isBusy}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <TextInput
          size="xs"
          mb={4}
          data-autofocus
          aria-label={strings.findClass}
          placeholder={strings.findClass}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && choose(rows[0]?.id)}
        />
        <ScrollArea.Autosize mah={300} type="auto">
          {rows.map(({ id, name, color, place }) => (
            <Menu.Item key={id} leftSection={<ClassDot color={color} size={10} />} rightSection={keyAt(place) && <Kbd size="xs">{keyAt(place)}</Kbd>} onClick={() => choose(id)}>
              {name}
            </Menu.Item>
          ))}
          {rows.length === 0 && (
            <Text size="sm" c="dimmed" px="sm" py={6}>
              {strings.noClassFound}
            </Text>
          )}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  )
}
