import { ActionIcon, ColorSwatch, Text, UnstyledButton } from "@mantine/core"
import { IconEye, IconEyeOff, IconLock, IconLockOpen2, IconTrash } from "@tabler/icons-react"
import { useVirtualizer } from "@tanstack/react-virtual"
import { memo, useEffect, useRef } from "react"

import type { ProjectClass } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import classes from "./draw.module.css"
import { strings } from "./strings"
import { shownBriefly } from "./values"

const ROW_PX = 26

/** What is drawn, one line an object: select, hide, lock, delete. Only the lines on screen exist. */
export function ObjectList({ editor, choices }: { editor: Editor; choices: readonly ProjectClass[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { board } = editor
  const all = [...board.objects.values()]
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser's functions are not passed on
  const rows = useVirtualizer({ count: all.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 4 })
  const [only] = board.selection.size === 1 ? board.selection : []
  const at = only === undefined ? -1 : all.findIndex(({ id }) => id === only)
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: "auto" })
  }, [rows, at])
  return (
    <div className={classes.objects} data-testid="objects" data-count={all.length}>
      <Text size="xs" c="dimmed" px={6} py={2}>
        {all.length === 0 ? strings.noObjects : strings.objects(all.length)}
      </Text>
      <div ref={scroller} className={classes.list}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const object = all[index]
            const choice = choices.find((entry) => entry.id === object?.class_id)
            if (!object) return null
            const { id } = object
            return <Row key={id} top={start} board={board} id={id} name={choice?.name ?? ""} values={shownBriefly(object.attributes)} color={choice?.color ?? "#756c60"} isSelected={board.selection.has(id)} isHidden={board.hidden.has(id)} isLocked={board.locked.has(id)} />
          })}
        </div>
      </div>
    </div>
  )
}

interface RowProps {
  top: number
  board: Editor["board"]
  id: string
  name: string
  values: string
  color: string
  isSelected: boolean
  isHidden: boolean
  isLocked: boolean
}

/** Painted anew only when this object's line changes: there may be hundreds. */
const Row = memo(function Row({ top, board, id, name, values, color, isSelected, isHidden, isLocked }: RowProps) {
  return (
    <div className={classes.row} style={{ height: ROW_PX, transform: `translateY(${top}px)` }} data-selected={isSelected || undefined} data-hidden={isHidden || undefined}>
      <UnstyledButton className={classes.name} onClick={(event) => board.select(event.shiftKey ? [...board.selection, id] : [id])}>
        <ColorSwatch component="span" color={color} size={10} withShadow={false} mr={6} display="inline-block" />
        <Text span size="sm" truncate>
          {name}
        </Text>
        {values && (
          <Text span size="xs" c="dimmed" ml={6} title={values}>
            {values}
          </Text>
        )}
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
