import type { Editor } from "../../../canvas"
import { useActions } from "../../../keymap"
import { lightRuns, viewRuns } from "../draw/useDrawKeys"
import { placeOf } from "../session/keys"
import type { Decision } from "./queries"
import type { Way } from "./useWay"

interface Options {
  editor: Editor | null
  isDrawn: boolean
  way: Way
  take: (at: number) => void
  takeChosen: () => void
  edit: () => void
  anew: () => void
  say: (answer: NonNullable<Decision["answer"]>) => void
  show: (at: number) => void
  showAll: () => void
  choose: (by: 1 | -1) => void
  search: () => void
}

/** What the keys do where somebody decides. */
export function useDecideKeys({ editor, isDrawn, way, take, takeChosen, edit, anew, say, show, showAll, choose, search }: Options): void {
  const once = (run: () => void) => (event: KeyboardEvent) => void (event.repeat || run())
  const light = lightRuns(editor)
  useActions("decide", {
    digits: (event) => void (event.repeat || take(placeOf(event.code) ?? -1)),
    take: once(takeChosen),
    up: () => choose(-1),
    down: () => choose(1),
    doesNotBelong: once(() => say("does_not_belong")),
    notSure: once(() => say("not_sure")),
    previous: () => way.back?.(),
    next: once(way.next),
    undo: once(way.undo),
    plainLight: light.plainLight,
    autoLight: light.autoLight,
    ...viewRuns(editor),
    ...(isDrawn ? { showDigits: (event: KeyboardEvent) => show(placeOf(event.code) ?? -1), showAll, edit: once(edit), anew: once(anew) } : { search }),
  })
}
