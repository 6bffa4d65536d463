import { Group, ScrollArea, Stack, Text, UnstyledButton } from "@mantine/core"

import type { ProjectClass } from "../../../api/shared"
import { ClassDot } from "../../../ui"
import classes from "../parts/label.module.css"
import { strings } from "../strings"

interface Props {
  choices: readonly ProjectClass[]
  counts: Record<string, number>
  classId: string | null
  onClass: (classId: string | null) => void
}

/** The classes by how many pictures look like them. */
export function ClassPicker({ choices, counts, classId, onClass }: Props) {
  const rows = [...choices].sort((a, b) => (counts[b.id] ?? 0) - (counts[a.id] ?? 0))
  return (
    <Stack gap={4} className={classes.column}>
      <Text size="sm" fw={600}>
        {strings.grid.show}
      </Text>
      <ScrollArea className={classes.choices} type="auto" offsetScrollbars="present">
        <Stack gap={2}>
          <UnstyledButton className={classes.choice} data-chosen={classId === null || undefined} tabIndex={-1} onClick={() => onClass(null)}>
            <Text size="sm">{strings.grid.allUnlabelled}</Text>
          </UnstyledButton>
          {rows.map((choice) => (
            <UnstyledButton key={choice.id} className={classes.choice} data-chosen={classId === choice.id || undefined} tabIndex={-1} onClick={() => onClass(choice.id)}>
              <Group gap={8} wrap="nowrap">
                <ClassDot color={choice.color} />
                <Text size="sm" truncate flex={1}>
                  {choice.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {counts[choice.id] ?? 0}
                </Text>
              </Group>
            </UnstyledButton>
          ))}
        </Stack>
      </ScrollArea>
    </Stack>
  )
}
