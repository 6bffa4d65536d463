import { Button, Group, Kbd } from "@mantine/core"

import { strings } from "../strings"

interface Props {
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
  return (
    <Group gap={4} justify="space-between">
      <Group gap={4}>
        <Key label={strings.doesNotBelong} keys="X" onClick={props.onDoesNotBelong} />
        <Key label={strings.notSure} keys="N" onClick={props.onNotSure} />
        {props.onSkip && <Key label={strings.skip} keys="S" onClick={props.onSkip} isOff={!props.canSkip} />}
      </Group>
      <Group gap={4}>
        <Key label={strings.undo} keys="Ctrl Z" onClick={props.onUndo} isOff={!props.canUndo} />
        <Key label={strings.redo} keys="Ctrl Y" onClick={props.onRedo} isOff={!props.canRedo} />
      </Group>
    </Group>
  )
}

function Key({ label, keys, onClick, isOff = false }: { label: string; keys: string; onClick: () => void; isOff?: boolean }) {
  return (
    <Button size="compact-sm" px={6} fz="xs" variant="default" tabIndex={-1} disabled={isOff} onClick={onClick} rightSection={<Kbd size="xs">{keys}</Kbd>}>
      {label}
    </Button>
  )
}
