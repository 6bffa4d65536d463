import { Button, Group, Kbd, Menu, ScrollArea, Text } from "@mantine/core"
import { IconChevronDown, IconTagMinus, IconTagOff, IconTagPlus, IconTrash } from "@tabler/icons-react"

import { useState, type ReactNode } from "react"

import type { ProjectClass } from "../../../api/shared"
import { useActions, useKeyOf } from "../../../keymap"
import { Barred, ClassDot } from "../../../ui"
import type { ClassStep } from "../classSteps"
import styles from "../images.module.css"
import type { Saying } from "../queries"
import { strings } from "../strings"
import { ClassMenu } from "./ClassMenu"

interface Props {
  count: number
  /** The ids of all that match are on their way. */
  isComing: boolean
  classes: readonly ProjectClass[]
  isBusy: boolean
  /** How many classes a picture has: one, any number, or none of its own. */
  having: Having
  /** Why the pictures may not be labelled, or not deleted, by the present person; null: they may. */
  whyNot: { label: string | null; delete: string | null }
  onSay: (saying: Saying) => void
  onChange: (step: ClassStep) => void
  onDelete: () => void
  onClear: () => void
  more?: ReactNode
}

export type Having = "one" | "many" | "none"

const FIRST = 3
const OTHERS = [
  { answer: "does_not_belong", name: "doesNotBelong" },
  { answer: "not_sure", name: "notSure" },
] as const

/** What can be done with the chosen pictures. */
export function BulkBar({ count, isComing, classes: all, isBusy, having, whyNot, onSay, onChange, onDelete, onClear, more }: Props) {
  const classes = having === "one" ? all : []
  const keyOf = useKeyOf("images")
  return (
    <div className={styles.bulk} role="toolbar" aria-label={strings.labelAs} data-testid="bulk">
      <Text fw={600} mr="xs">
        {isComing ? strings.selectingAll : strings.selected(count)}
      </Text>
      <Barred why={whyNot.label}>
        {classes.slice(0, FIRST).map((entry, index) => (
          <Button
            key={entry.id}
            variant="default"
            size="compact-md"
            disabled={isBusy}
            leftSection={<ClassDot color={entry.color} size={10} />}
            rightSection={<Kbd size="xs">{(index + 1) % 10}</Kbd>}
            onClick={() => onSay({ answer: "class", class_id: entry.id })}
            maw="11rem"
            className={styles.wide}
          >
            {entry.name}
          </Button>
        ))}
        {having === "many" && <AddOrRemove classes={all} isBusy={isBusy} onChange={onChange} />}
        {all.length > 0 && (
          <Menu position="top-start">
            <Menu.Target>
              <Button variant="default" size="compact-md" rightSection={<IconChevronDown size={14} aria-hidden />} disabled={isBusy}>
                {strings.labelAs}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <ScrollArea.Autosize mah={320}>
                {classes.map((entry, index) => (
                  <Menu.Item
                    key={entry.id}
                    leftSection={<ClassDot color={entry.color} size={10} />}
                    rightSection={index < 10 ? <Kbd size="xs">{(index + 1) % 10}</Kbd> : null}
                    onClick={() => onSay({ answer: "class", class_id: entry.id })}
                  >
                    {entry.name}
                  </Menu.Item>
                ))}
              </ScrollArea.Autosize>
              {classes.length > 0 && <Menu.Divider />}
              {having === "many" && <Menu.Item onClick={() => onSay({ answer: "objects" })}>{strings.doneAsTheyAre}</Menu.Item>}
              {OTHERS.map(({ answer, name }) => (
                <Menu.Item key={answer} rightSection={keyOf(name) && <Kbd size="xs">{keyOf(name)}</Kbd>} onClick={() => onSay({ answer })}>
                  {strings.answers[answer]}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Barred>
      <Group gap={4} ml="auto" wrap="nowrap">
        {more}
        <Barred why={whyNot.label}>
          <Button variant="subtle" color="gray" size="compact-md" leftSection={<IconTagOff size={15} aria-hidden />} onClick={() => onSay({ answer: "none" })} disabled={isBusy}>
            {strings.noLabel}
          </Button>
        </Barred>
        <Barred why={whyNot.delete}>
          <Button variant="subtle" color="clay" size="compact-md" leftSection={<IconTrash size={15} aria-hidden />} onClick={onDelete} disabled={isBusy}>
            {strings.delete}
          </Button>
        </Barred>
        <Button variant="subtle" color="gray" size="compact-md" onClick={onClear}>
          {strings.clearSelection}
        </Button>
      </Group>
    </div>
  )
}

interface AddOrRemoveProps {
  classes: readonly ProjectClass[]
  isBusy: boolean
  onChange: (step: ClassStep) => void
}

const digitAt = (place: number) => (place < 10 ? `${(place + 1) % 10}` : null)

/** One class more for the chosen pictures, or one less. */
function AddOrRemove({ classes, isBusy, onChange }: AddOrRemoveProps) {
  const [open, setOpen] = useState<ClassStep["change"] | null>(null)
  const keyOf = useKeyOf("images")
  useActions("images", { addClass: () => setOpen("add"), removeClass: () => setOpen("remove") })
  const menu = (change: ClassStep["change"]) => ({ classes, isBusy, isOpen: open === change, onOpen: (isOpen: boolean) => setOpen(isOpen ? change : null), onChoose: (classId: string) => onChange({ classId, change }) })
  return (
    <>
      <ClassMenu {...menu("add")} label={strings.addClass} icon={IconTagPlus} keyName={keyOf("addClass")} keyAt={digitAt} />
      <ClassMenu {...menu("remove")} label={strings.removeClass} icon={IconTagMinus} keyName={keyOf("removeClass")} keyAt={(place) => (place < 10 ? `⇧${digitAt(place) ?? ""}` : null)} />
    </>
  )
}
