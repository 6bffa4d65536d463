import { Group, Kbd, ScrollArea, Stack, Text, UnstyledButton } from "@mantine/core"

import type { ProjectClass } from "../../../api/shared"
import { ClassDot } from "../../../ui"
import classes from "../parts/label.module.css"
import { digitOf } from "../session/keys"
import { strings } from "../strings"

interface Props {
  choices: readonly ProjectClass[]
  counts: Record<string, number>
  classId: string | null
  onClass: (classId: string | null) => void
  /** With marked pictures a click gives them this class; without, it shows what looks like it. */
  hasMarked: boolean
  onAnswer: (classId: string) => void
}

/** The classes by how many pictures look like them. */
export function ClassPicker({ choices, counts, classId, onClass, hasMarked, onAnswer }: Props) {
  const rows = hasMarked ? choices : [...choices].sort((a, b) => (counts[b.id] ?? 0) - (counts[a.id] ?? 0))
  return (
    <Stack gap={4} className={classes.column}>
      <Text size="sm" fw={600}>
        {hasMarked ? strings.grid.giveMarked : strings.grid.show}
      </Text>
      <ScrollArea className={classes.choices} type="auto" offsetScrollbars="present">
        <Stack gap={2}>
          {!hasMarked && (
            <UnstyledButton className={classes.choice} data-chosen={classId === null || undefined} tabIndex={-1} onClick={() => onClass(null)}>
              <Text size="sm">{strings.grid.allUnlabelled}</Text>
            </UnstyledButton>
          )}
          {rows.map((choice) => {
            const digit = digitOf(choices.indexOf(choice))
            return (
              <UnstyledButton
                key={choice.id}
                className={classes.choice}
                data-chosen={(!hasMarked && classId === choice.id) || undefined}
                tabIndex={-1}
                onClick={() => (hasMarked ? onAnswer(choice.id) : onClass(choice.id))}
              >
                <Group gap={8} wrap="nowrap">
                  {hasMarked && (digit === null ? <span className={classes.noDigit} /> : <Kbd size="xs">{digit}</Kbd>)}
                  <ClassDot color={choice.color} />
                  <Text size="sm" truncate flex={1}>
                    {choice.name}
                  </Text>
                  {!hasMarked && (
                    <Text size="xs" c="dimmed">
                      {counts[choice.id] ?? 0}
                    </Text>
                  )}
                </Group>
              </UnstyledButton>
            )
          })}
        </Stack>
      </ScrollArea>
    </Stack>
  )
}
