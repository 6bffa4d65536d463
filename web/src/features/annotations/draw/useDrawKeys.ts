import { useRef } from "react"

import type { ProjectClass } from "../../../api/shared"
import { PLAIN, TOOLS, type Editor, type Looking, type ToolName } from "../../../canvas"
import { useActions, type Runs } from "../../../keymap"
import { placeOf } from "../session/keys"
import { focusValues, hasPictureFocus } from "./focus"
import { strings } from "./strings"
import { firstToolOf } from "./toolTable"
import type { Walk } from "./useWalk"

interface Options {
  isOn: boolean
  editor: Editor | null
  choices: readonly ProjectClass[]
  tools: readonly ToolName[]
  walk: Walk
  say: (text: string) => void
  onSearch: () => void
  /** Actions that somebody else carries out. */
  without?: readonly string[]
}

const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** What looking at a picture more closely, or at another part of it, is in the hands of every page that shows one. */
export function viewRuns(editor: Editor | null) {
  return {
    pan: { run: (event: KeyboardEvent) => void (event.repeat || editor?.key("Space") || editor?.holdSpace(true)), release: () => editor?.holdSpace(false) },
    fit: () => editor?.camera.fit(),
    zoomIn: () => editor?.camera.zoom(1.25),
    zoomOut: () => editor?.camera.zoom(0.8),
  }
}

/** How it is looked at, and what is known of it, likewise. */
export function lightRuns(of: Looking | null) {
  return { plainLight: () => of?.adjust(PLAIN), autoLight: () => of?.setWindow(of.picture?.autoWindow ?? null), values: focusValues }
}

/** Through the objects, where there are any. Tab goes on through the page unless the picture has the focus. */
function cycling(editor: Editor | null, by: 1 | -1) {
  const isMeant = ({ key }: KeyboardEvent) => editor !== null && editor.board.objects.size + editor.board.proposals.size > 0 && (key !== "Tab" || hasPictureFocus())
  return { run: () => editor?.cycle(by), isMeant }
}

/** What the keys of the drawing page do. */
export function useDrawKeys({ isOn, editor, choices, tools, walk, say, onSearch, without = [] }: Options): void {
  const lastTool = useRef<ToolName>(firstToolOf(tools))
  const pick = (name: ToolName) => {
    if (name !== "select" && name !== "hand" && name !== "window") lastTool.current = name
    editor?.setTool(name)
  }
  const arrows = (event: KeyboardEvent) => {
    const [dx, dy] = WAYS[event.code] ?? [0, 0]
    const far = event.shiftKey ? 10 : 1
    if (editor && editor.board.selection.size > 0) editor.board.nudge(far * dx, far * dy)
    else if (!event.shiftKey && dx !== 0) (dx < 0 ? walk.back : walk.next)?.()
  }
  const brush = (factor: number) => () => {
    if (editor) editor.board.set({ brushRadius: Math.min(Math.max(editor.board.settings.brushRadius * factor, 1), 400) })
  }
  const toolRuns = Object.fromEntries(TOOLS.filter((name) => tools.includes(name)).map((name) => [name, () => pick(name)])) as Runs<"draw">

  const runs: Runs<"draw"> = {
    digits: (event) => {
      const choice = choices[placeOf(event.code) ?? -1]
      if (choice) editor?.board.setClass(choice.id)
    },
    search: onSearch,
    submit: (event) => void (event.repeat || walk.finish()),
    skip: () => void walk.skip(),
    previous: () => walk.back?.(),
    next: () => walk.next(),
    arrows,
    far: arrows,
    ...toolRuns,
    repeat: () => pick(lastTool.current),
    finish: () => void (editor?.key("Enter") || editor?.board.accept()),
    cancel: () => void editor?.key("Escape"),
    back: () => void (editor?.key("Backspace") || editor?.board.remove()),
    remove: () => editor?.board.remove(),
    undo: () => editor?.undo(),
    redo: () => editor?.board.redo(),
    all: () => editor?.board.selectAll(),
    cycleNext: cycling(editor, 1),
    cycleBack: cycling(editor, -1),
    copy: () => editor && say(strings.said.copied(editor.board.copy())),
    paste: () => editor?.board.paste(),
    duplicate: () => editor?.board.duplicate(),
    fromPrevious: () => (walk.previousObjects ? editor?.board.paste(walk.previousObjects) : say(strings.said.noPrevious)),
    smaller: brush(0.8),
    larger: brush(1.25),
    above: () => editor?.board.restack(1),
    below: () => editor?.board.restack(-1),
    hide: () => editor?.board.toggle(editor.board.hidden),
    hideOthers: () => editor?.board.hideOthers(),
    ...lightRuns(editor),
    lock: () => editor?.board.toggle(editor.board.locked),
    labels: () => editor?.toggleLabels(),
    peek: { run: () => editor?.peek(true), release: () => editor?.peek(false) },
    save: () => say(strings.saved),
    ...viewRuns(editor),
  }
  const own = Object.fromEntries(Object.entries(runs).filter(([name]) => !without.includes(name))) as Runs<"draw">
  useActions("draw", isOn ? own : {})
}
