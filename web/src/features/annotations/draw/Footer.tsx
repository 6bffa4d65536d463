import { Badge, Group, Text } from "@mantine/core"
import { useEffect, useReducer } from "react"

import type { Editor } from "../../../canvas"
import classes from "./draw.module.css"
import { strings } from "./strings"

interface Props {
  editor: Editor | null
  name: string
  isDone: boolean
  said: string
}

/** Which picture this is, what was just done, and where the pointer is. */
export function Footer({ editor, name, isDone, said }: Props) {
  return (
    <Group justify="space-between" wrap="nowrap" mih={26} gap="md">
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Text size="sm" c="dimmed" truncate>
          {name}
        </Text>
        <Badge variant="light" flex="none" color={isDone ? "pine" : "gray"}>
          {isDone ? strings.doneBefore : strings.notDone}
        </Badge>
      </Group>
      <Text size="sm" aria-live="polite" data-testid="said" truncate>
        {said}
      </Text>
      {editor && <Where editor={editor} />}
    </Group>
  )
}

/** The only part of the page that follows the pointer. */
function Where({ editor }: { editor: Editor }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => editor.follow(redraw), [editor])
  const { pointer, board, camera, shown, picture } = editor
  const values = pointer && picture?.valueAt(pointer.x, pointer.y)
  const [only] = board.selected()
  const size = editor.drafted ?? only
  const parts = [size && strings.size(size.width, size.height), pointer && strings.at(pointer.x, pointer.y), values && strings.value(values, picture?.display?.unit ?? ""), shown && strings.zoom(camera.view.scale)]
  return (
    <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }} data-testid="where">
      {parts.filter(Boolean).join(" · ")}
      {shown && <span className={classes.wide}> · {strings.picture(shown.size.width, shown.size.height)}</span>}
    </Text>
  )
}
