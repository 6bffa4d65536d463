import { Badge, CloseButton, Group, Text } from "@mantine/core"

import type { ProjectClass } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import { ClassDot } from "../../../ui"
import classes from "./draw.module.css"
import { strings } from "./strings"
import { toggleWhole } from "./wholeKeys"

/** The classes that the picture has, as chips above it; each can be taken away. */
export function WholeBar({ editor, choices }: { editor: Editor | null; choices: readonly ProjectClass[] }) {
  if (!editor) return <div className={classes.options} />
  const chosen = chosenOf(editor)
  const shown = choices.filter(({ id }) => chosen.has(id))
  return (
    <Group className={classes.chips} gap={6} data-testid="chosen" data-count={shown.length}>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {strings.whole.nothingChosen}
        </Text>
      )}
      {shown.map(({ id, name, color }) => (
        <Badge
          key={id}
          size="lg"
          radius="sm"
          variant="light"
          tt="none"
          leftSection={<ClassDot color={color} size={12} />}
          rightSection={<CloseButton size="xs" aria-label={strings.whole.takeAway(name)} onClick={() => toggleWhole(editor, id)} tabIndex={-1} />}
        >
          {name}
        </Badge>
      ))}
    </Group>
  )
}

/** The classes of the picture as a whole. */
export const chosenOf = ({ board }: Editor): ReadonlySet<string> => new Set([...board.objects.values()].map(({ class_id }) => class_id))
