import { ActionIcon, ColorSwatch, Text, UnstyledButton } from "@mantine/core"
import { IconEye, IconEyeOff, IconLock, IconLockOpen2, IconTrash } from "@tabler/icons-react"
import { memo } from "react"

import type { ProjectClass } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import classes from "./draw.module.css"
import { strings } from "./strings"

const SHOWN = 300

/** What is drawn, one line an object: select, hide, lock, delete. */
export function ObjectList({ editor, choices }: { editor: Editor; choices: readonly ProjectClass[] }) {
  const { board } = editor
  const all = [...board.objects.values()]
  return (
    <div className={classes.list} data-testid="objects" data-count={all.length}>
      <Text size="xs" c="dimmed" px={6}>
        {all.length === 0 ? strings.noObjects : strings.objects(all.length)}
      </Text>
      {all.slice(0, SHOWN).map(({ id, class_id }) => {
        const choice = choices.find((entry) => entry.id === class_id)
        return <Row key={id} board={board} id={id} name={choice?.name ?? ""} color={choice?.color ?? "#756c60"} isSelected={board.selection.has(id)} isHidden={board.hidden.has(id)} isLocked={board.locked.has(id)} />
      })}
      {all.length > SHOWN && (
        <Text size="xs" c="dimmed" px={6}>
          … {strings.objects(all.length - SHOWN)}
        </Text>
      )}
    </div>
  )
}

interface RowProps {
  board: Editor["board"]
  id: string
  name: string
  color: string
  isSelected: boolean
  isHidden: boolean
  isLocked: boolean
}

/** Painted anew only when this object's line changes: there may be hundreds. */
const Row = memo(function Row({ board, id, name, color, isSelected, isHidden, isLocked }: RowProps) {
  return (
    <div className={classes.row} data-selected={isSelected || undefined} data-hidden={isHidden || undefined}>
      <UnstyledButton className={classes.name} onClick={(event) => board.select(event.shiftKey ? [...board.selection, id] : [id])}>
        <ColorSwatch component="span" color={color} size={10} withShadow={false} mr={6} display="inline-block" />
        <Text span size="sm">
          {name}
        </Text>
      </UnstyledButton>
      <Small label={isHidden ? strings.show : strings.hide} onClick={() => board.toggle(board.hidden, [id])}>
        {isHidden ? <IconEyeOff size={14} /> : <IconEye size={14} />}
      </Small>
      <Small label={isLocked ? strings.unlock : strings.lock} onClick={() => board.toggle(board.locked, [id])}>
        {isLocked ? <IconLock size={14} /> : <IconLockOpen2 size={14} />}
      </Small>
      <Small label={strings.remove} isDisabled={isLocked} onClick={() => board.remove([id])}>
        <IconTrash size={14} />
      </Small>
    </div>
  )
})

function Small({ label, onClick, isDisabled = false, children }: { label: string; onClick: () => void; isDisabled?: boolean; children: React.ReactNode }) {
  return (
    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} title={label} disabled={isDisabled} onClick={onClick} tabIndex={-1}>
      {children}
    </ActionIcon>
  )
}
