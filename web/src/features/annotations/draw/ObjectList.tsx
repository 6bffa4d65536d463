import { ActionIcon, ColorSwatch, Text, UnstyledButton } from "@mantine/core"
import { IconEye, IconEyeOff, IconLock, IconLockOpen2, IconTrash } from "@tabler/icons-react"

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
        const [isHidden, isLocked] = [board.hidden.has(id), board.locked.has(id)]
        return (
          <div key={id} className={classes.row} data-selected={board.selection.has(id) || undefined} data-hidden={isHidden || undefined}>
            <UnstyledButton className={classes.name} onClick={(event) => board.select(event.shiftKey ? [...board.selection, id] : [id])}>
              <ColorSwatch component="span" color={choice?.color ?? "#756c60"} size={10} withShadow={false} mr={6} display="inline-block" />
              <Text span size="sm">
                {choice?.name}
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
      })}
      {all.length > SHOWN && (
        <Text size="xs" c="dimmed" px={6}>
          … {strings.objects(all.length - SHOWN)}
        </Text>
      )}
    </div>
  )
}

function Small({ label, onClick, isDisabled = false, children }: { label: string; onClick: () => void; isDisabled?: boolean; children: React.ReactNode }) {
  return (
    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} title={label} disabled={isDisabled} onClick={onClick} tabIndex={-1}>
      {children}
    </ActionIcon>
  )
}
