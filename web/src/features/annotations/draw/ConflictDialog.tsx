import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core"

import { newId } from "../../../api/ids"
import type { ProjectClass } from "../../../api/shared"
import { areEqual, drawingOf, isSame, isUnseen, merged, mergedValues, paintStill, type Drawing, type DrawnObject, type Editor } from "../../../canvas"
import { ValueChips } from "../../../ui"
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

/** Two people drew on one picture: whoever came later sees both drawings side by side, and decides. */
export function ConflictDialog({ saver, editor, choices }: Props) {
  const { state } = saver
  if (state.kind !== "conflict") return null
  const { theirs } = state
  const { board } = editor
  const others = drawingOf(theirs.objects, theirs.attributes)
  const mine = board.drawing
  const decide = (drawing: Drawing) => {
    board.adopt(drawing, others)
    saver.goOn(theirs)
  }
  const keepBoth = () => decide(drawingOf(merged(board.base.objects, others.objects, board.unsaved(), newId), mergedValues(board.base.attributes, others.attributes, mine.attributes)))
  const side = (title: string, drawing: Drawing, against: Drawing, choose: string) => (
    <div className={classes.side}>
      <Text fw={600}>{title}</Text>
      <Still editor={editor} choices={choices} objects={[...drawing.objects.values()]} isStrong={(object) => !isSame(object, against.objects.get(object.id))} />
      {namesOf(drawing, choices).length > 0 && <Text size="sm">{strings.whole.classes(namesOf(drawing, choices))}</Text>}
      {!areEqual(drawing.attributes, against.attributes) && <ValueChips title={strings.values.picture} values={drawing.attributes} against={against.attributes} none={strings.noValues} />}
      <Button variant="default" onClick={() => decide(drawing)}>
        {choose}
      </Button>
    </div>
  )
  return (
    <Modal opened onClose={keepBoth} size={1200} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={<Title order={2}>{strings.conflictTitle}</Title>}>
      <Stack>
        <Text>{strings.conflictText}</Text>
        <Group align="stretch" wrap="nowrap" grow>
          {side(strings.theirsTitle(others.objects.size), others, mine, strings.theirs)}
          {side(strings.mineTitle(mine.objects.size), mine, others, strings.mine)}
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

/** The classes of the picture as a whole. */
function namesOf({ objects }: Drawing, choices: readonly ProjectClass[]): string[] {
  const whole = new Set([...objects.values()].filter(isUnseen).map(({ class_id }) => class_id))
  return choices.filter(({ id }) => whole.has(id)).map(({ name }) => name)
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
