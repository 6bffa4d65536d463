import { Button, Group, Kbd } from "@mantine/core"

import { useKeyOf } from "../../../keymap"
import { strings } from "../strings"

interface Props {
  /** The view of many pictures at once. */
  isMany?: boolean
  onDoesNotBelong: () => void
  onNotSure: () => void
  onSkip?: () => void
  onUndo: () => void
  onRedo: () => void
  canUndo: boolean
  canRedo: boolean
  canSkip: boolean
}

/** What can be said apart from a class, and the way back; every button shows its key. */
export function ActionBar(props: Props) {
  const [one, many] = [useKeyOf("one"), useKeyOf("many")]
  const keyOf = (name: "doesNotBelong" | "notSure" | "undo" | "redo") => (props.isMany ? many(name) : one(name))
  return (
    <Group gap={4} justify="space-between">
      <Group gap={4}>
        <Key label={strings.doesNotBelong} keys={keyOf("doesNotBelong")} onClick={props.onDoesNotBelong} />
        <Key label={strings.notSure} keys={keyOf("notSure")} onClick={props.onNotSure} />
        {props.onSkip && <Key label={strings.skip} keys={one("skip")} onClick={props.onSkip} isOff={!props.canSkip} />}
      </Group>
      <Group gap={4}>
        <Key label={strings.undo} keys={keyOf("undo")} onClick={props.onUndo} isOff={!props.canUndo} />
        <Key label={strings.redo} keys={keyOf("redo")} onClick={props.onRedo} isOff={!props.canRedo} />
      </Group>
    </Group>
  )
}

function Key({ label, keys, onClick, isOff = false }: { label: string; keys: string | null; onClick: () => void; isOff?: boolean }) {
  return (
    <Button size="compact-sm" px={6} fz="xs" variant="default" tabIndex={-1} disabled={isOff} onClick={onClick} rightSection={keys && <Kbd size="xs">{keys}</Kbd>}>
      {label}
    </Button>
  )
}
