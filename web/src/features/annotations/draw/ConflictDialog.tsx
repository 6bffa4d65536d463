import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core"

import { newId } from "../../../api/ids"
import type { ProjectClass } from "../../../api/shared"
import { isSame, merged, paintStill, type DrawnObject, type Editor } from "../../../canvas"
import classes from "./draw.module.css"
import { looksOf } from "./looks"
import type { Saver } from "./saver"
import { strings } from "./strings"

interface Props {
  saver: Saver
  editor: Editor
  choices: readonly ProjectClass[]
}

const STILL = { width: 560, height: 420 }

const byId = (objects: readonly DrawnObject[]) => new Map(objects.map((object) => [object.id, object]))

/** Two people drew on one picture: whoever came later sees both drawings side by side, and decides. */
export function ConflictDialog({ saver, editor, choices }: Props) {
  const { state } = saver
  if (state.kind !== "conflict") return null
  const { theirs } = state
  const { board } = editor
  const [mine, others] = [[...board.objects.values()], byId(theirs.objects)]
  const decide = (objects: readonly DrawnObject[]) => {
    board.adopt(objects, theirs.objects)
    saver.goOn(theirs)
  }
  const keepBoth = () => decide(merged(board.base, others, board.unsaved(), newId))
  const side = (title: string, objects: readonly DrawnObject[], against: ReadonlyMap<string, DrawnObject>, choose: string) => (
    <div className={classes.side}>
      <Text fw={600}>{title}</Text>
      <Still editor={editor} choices={choices} objects={objects} isStrong={(object) => !isSame(object, against.get(object.id))} />
      <Button variant="default" onClick={() => decide(objects)}>
        {choose}
      </Button>
    </div>
  )
  return (
    <Modal opened onClose={keepBoth} size={1200} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={<Title order={2}>{strings.conflictTitle}</Title>}>
      <Stack>
        <Text>{strings.conflictText}</Text>
        <Group align="stretch" wrap="nowrap" grow>
          {side(strings.theirsTitle(theirs.objects.length), theirs.objects, board.objects, strings.theirs)}
          {side(strings.mineTitle(mine.length), mine, others, strings.mine)}
        </Group>
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {strings.bothHint}
          </Text>
          <Button data-autofocus onClick={keepBoth}>
            {strings.both}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface StillProps {
  editor: Editor
  choices: readonly ProjectClass[]
  objects: readonly DrawnObject[]
  isStrong: (object: DrawnObject) => boolean
}

function Still({ editor, choices, objects, isStrong }: StillProps) {
  const paint = (canvas: HTMLCanvasElement | null) => {
    if (canvas && editor.shown) paintStill(canvas, editor.shown, objects, looksOf(choices), isStrong)
  }
  return <canvas ref={paint} {...STILL} className={classes.still} aria-label={strings.objects(objects.length)} />
}
