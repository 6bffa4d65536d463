import { useEffect, useRef } from "react"

import type { ProjectClass } from "../../../api/shared"
import { PLAIN, type Editor, type ToolName } from "../../../canvas"
import { useShortcuts, type Shortcut } from "../../../ui"
import { placeOf } from "../session/keys"
import { DIGITS } from "../useLabelKeys"
import { focusValues } from "./focus"
import { strings } from "./strings"
import { firstToolOf, TOOL_KEYS } from "./toolTable"
import type { Walk } from "./useWalk"

interface Options {
  editor: Editor | null
  choices: readonly ProjectClass[]
  tools: readonly ToolName[]
  walk: Walk
  say: (text: string) => void
  /** Find a class by its name. */
  search: () => void
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const
const { keys } = strings

/** The keys of the drawing page; the help sheet lists these tables. */
export function useDrawKeys({ editor, choices, tools, walk, say, search }: Options): void {
  const lastTool = useRef<ToolName>(firstToolOf(tools))
  useHeldKeys(editor)
  const pick = (name: ToolName) => {
    if (name !== "select" && name !== "hand" && name !== "window") lastTool.current = name
    editor?.setTool(name)
  }
  const nudge = (dx: number, dy: number, otherwise?: () => void) => () => {
    if (editor && editor.board.selection.size > 0) editor.board.nudge(dx, dy)
    else otherwise?.()
  }
  const arrows = Object.entries(ARROWS).flatMap(([name, [dx, dy]]): Shortcut[] => {
    const goes = name === "ArrowLeft" ? walk.back : name === "ArrowRight" ? walk.next : undefined
    const label = name === "ArrowLeft" ? keys.previous : name === "ArrowRight" ? keys.next : keys.nudge
    return [
      { keys: name, label, run: nudge(dx, dy, goes) },
      { keys: `Shift+${name}`, label: keys.nudgeFar, run: nudge(10 * dx, 10 * dy) },
    ]
  })
  const brush = (factor: number) => () => {
    if (editor) editor.board.set({ brushRadius: Math.min(Math.max(editor.board.settings.brushRadius * factor, 1), 400) })
  }

  useShortcuts(strings.title, [
    {
      keys: DIGITS,
      label: keys.digits,
      run: (event) => {
        const choice = choices[placeOf(event.code) ?? -1]
        if (choice) editor?.board.setClass(choice.id)
      },
    },
    { keys: "/", label: keys.search, run: (event) => (event.preventDefault(), search()) },
    { keys: "Mod+Enter", label: keys.submit, run: (event) => !event.repeat && void walk.finish() },
    { keys: "Mod+Space", label: strings.skip, run: () => void walk.skip() },
    ...tools.map((name): Shortcut => ({ keys: TOOL_KEYS[name], label: strings.tools[name], run: () => pick(name) })),
    { keys: "N", label: keys.repeat, run: () => pick(lastTool.current) },
    { keys: "Enter", label: keys.finish, run: () => void (editor?.key("Enter") || editor?.board.accept()) },
    { keys: "Escape", label: keys.cancel, run: () => void editor?.key("Escape") },
    { keys: ["Backspace", "Delete"], label: keys.back, run: (event) => void ((event.code === "Backspace" && editor?.key("Backspace")) || editor?.board.remove()) },
    { keys: "Mod+Z", label: strings.undo, run: () => editor?.undo() },
    { keys: ["Mod+Shift+Z", "Mod+Y"], label: strings.redo, run: () => editor?.board.redo() },
    { keys: "Mod+A", label: keys.all, run: () => editor?.board.selectAll() },
    { keys: "Mod+C", label: keys.copy, run: () => editor && say(strings.said.copied(editor.board.copy())) },
    { keys: "Mod+V", label: keys.paste, run: () => editor?.board.paste() },
    { keys: "Mod+D", label: keys.duplicate, run: () => editor?.board.duplicate() },
    { keys: "Mod+Shift+V", label: keys.fromPrevious, run: () => (walk.previousObjects ? editor?.board.paste(walk.previousObjects) : say(strings.said.noPrevious)) },
    { keys: "[", label: keys.smaller, run: brush(0.8) },
    { keys: "]", label: keys.larger, run: brush(1.25) },
    { keys: "PageUp", label: keys.above, run: () => editor?.board.restack(1) },
    { keys: "PageDown", label: keys.below, run: () => editor?.board.restack(-1) },
    { keys: "Alt+H", label: keys.hide, run: () => editor?.board.toggle(editor.board.hidden) },
    { keys: "Alt+Shift+H", label: keys.hideOthers, run: () => editor?.board.hideOthers() },
    { keys: "Alt+L", label: keys.lock, run: () => editor?.board.toggle(editor.board.locked) },
    { keys: "Shift+F", label: strings.fit, run: () => editor?.camera.fit() },
    { keys: "+", label: keys.zoomIn, run: () => editor?.camera.zoom(1.25) },
    { keys: "-", label: keys.zoomOut, run: () => editor?.camera.zoom(0.8) },
    { keys: "Shift+W", label: keys.plainLight, run: () => editor?.adjust(PLAIN) },
    { keys: "Alt+W", label: keys.autoLight, run: () => editor?.setWindow(editor.picture?.autoWindow ?? null) },
    { keys: "T", label: keys.labels, run: () => editor?.toggleLabels() },
    { keys: "X", label: keys.peek, run: () => editor?.peek(true) },
    { keys: "Space", label: keys.pan, run: (event) => !event.repeat && !editor?.key("Space") && editor?.holdSpace(true) },
    { keys: "I", label: keys.values, run: focusValues },
    { keys: "Mod+S", label: keys.save, run: () => say(strings.saved) },
    ...arrows,
  ])
}

/** Peek and pan last as long as their key is held. */
function useHeldKeys(editor: Editor | null): void {
  useEffect(() => {
    if (!editor) return
    const release = (event: KeyboardEvent) => {
      if (event.code === "KeyX") editor.peek(false)
      if (event.code === "Space") editor.holdSpace(false)
    }
    // A key that is let go of in another window says nothing here.
    const releaseAll = () => {
      editor.peek(false)
      editor.holdSpace(false)
    }
    window.addEventListener("keyup", release)
    window.addEventListener("blur", releaseAll)
    return () => {
      window.removeEventListener("keyup", release)
      window.removeEventListener("blur", releaseAll)
    }
  }, [editor])
}
