import { wholeOf, type DrawnObject, type Editor } from "../../../canvas"
import type { ProjectClass } from "../../../api/shared"
import { useActions } from "../../../keymap"
import { placeOf } from "../session/keys"
import { strings } from "./strings"
import { lightRuns, viewRuns } from "./useDrawKeys"
import type { Walk } from "./useWalk"

/** Give the picture this class, or take it away. */
export function toggleWhole({ board }: Editor, classId: string): void {
  const given = wholeOf(board.objects, classId)
  const made: DrawnObject = { id: "", class_id: classId, shape: { type: "whole" }, attributes: {}, z: 0 }
  if (given.length > 0) board.remove(given.map(({ id }) => id))
  else board.paste([made])
  board.select([])
}

interface Options {
  isOn: boolean
  editor: Editor | null
  choices: readonly ProjectClass[]
  walk: Walk
  say: (text: string) => void
  onSearch: () => void
}

/** Done with what is chosen; with nothing chosen it says how to say that. */
export function finishWhole({ editor, walk, say, key }: Pick<Options, "editor" | "walk" | "say"> & { key: string | null }): void {
  if (editor && editor.board.objects.size === 0) say(strings.said.nothingChosen(key))
  else void walk.finish()
}

/** None of the classes is on the picture: whatever was chosen goes, and the picture is done. */
export function finishWithNone({ editor, walk }: Pick<Options, "editor" | "walk">): void {
  if (!editor) return
  if (editor.board.objects.size > 0) editor.board.remove([...editor.board.objects.keys()])
  void walk.finish()
}

/** What the keys do where pictures have any number of classes. */
export function useWholeKeys({ isOn, editor, choices, walk, say, onSearch, noneKey }: Options & { noneKey: string | null }): void {
  const once = (run: () => void) => (event: KeyboardEvent) => {
    if (!event.repeat) run()
  }
  useActions(
    "whole",
    isOn
      ? {
          digits: (event) => {
            const choice = choices[placeOf(event.code) ?? -1]
            if (choice && editor && !event.repeat) toggleWhole(editor, choice.id)
          },
          search: onSearch,
          submit: once(() => finishWhole({ editor, walk, say, key: noneKey })),
          none: once(() => finishWithNone({ editor, walk })),
          doesNotBelong: once(() => void walk.finish("does_not_belong")),
          notSure: once(() => void walk.finish("not_sure")),
          skip: once(() => void walk.skip()),
          previous: () => walk.back?.(),
          next: () => walk.next(),
          clear: () => editor?.board.remove([...editor.board.objects.keys()]),
          fromPrevious: () => (walk.previousObjects ? editor?.board.paste(walk.previousObjects) : say(strings.said.noPrevious)),
          undo: () => editor?.undo(),
          redo: () => editor?.board.redo(),
          save: () => say(strings.saved),
          hand: () => editor?.setTool("hand"),
          window: () => editor?.setTool(editor.toolName === "window" ? "hand" : "window"),
          ...viewRuns(editor),
          ...lightRuns(editor),
        }
      : {},
  )
}
