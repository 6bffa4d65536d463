import type { RefObject } from "react"

import type { ProjectClass } from "../../../api/shared"
import { useShortcuts } from "../../../ui"
import { placeOf } from "../session/keys"
import type { Answer } from "../session/types"
import { strings } from "../strings"
import { DIGITS } from "../useLabelKeys"
import { extend, moved, NO_MARKS, toggle, type Marks } from "./marks"

interface Options {
  grid: RefObject<HTMLDivElement | null>
  ids: readonly string[]
  choices: readonly ProjectClass[]
  classId: string | null
  marks: Marks
  setMarks: (marks: Marks) => void
  onAnswer: (answer: Answer) => void
  onAccept: () => void
  onUndo: () => void
  onRedo: () => void
  onClass: (classId: string | null) => void
  onSearch: () => void
}

const STEPS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** The keys of the grid; the help sheet lists this table. */
export function useGridKeys({ grid, ids, choices, classId, marks, setMarks, onAnswer, onAccept, onUndo, onRedo, onClass, onSearch }: Options): void {
  const { keys } = strings
  const arrows = (event: KeyboardEvent) => {
    const [x, y] = STEPS[event.key] ?? [0, 0]
    const columns = grid.current ? getComputedStyle(grid.current).gridTemplateColumns.split(" ").length : 1
    const next = moved(marks, ids.length, x + y * columns)
    setMarks(event.shiftKey ? extend(marks, ids, next.at) : next)
    grid.current?.children[next.at]?.scrollIntoView({ block: "nearest" })
  }
  const turn = (by: number) => {
    const at = choices.findIndex((choice) => choice.id === classId)
    onClass(choices[(at + by + choices.length) % choices.length]?.id ?? null)
  }
  useShortcuts(strings.title, [
    { keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], label: keys.move, run: arrows },
    { keys: ["Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"], label: keys.extend, run: arrows },
    { keys: "Space", label: keys.mark, run: () => setMarks(toggle(marks, ids, marks.at)) },
    { keys: "Mod+A", label: keys.markAll, run: () => setMarks({ ...marks, marked: new Set(ids) }) },
    { keys: "Escape", label: keys.unmark, run: () => setMarks({ ...NO_MARKS, at: marks.at }) },
    { keys: "Enter", label: keys.acceptRest, run: (event) => event.repeat || onAccept() },
    {
      keys: DIGITS,
      label: keys.digitsMarked,
      run: (event) => {
        const choice = choices[placeOf(event.code) ?? -1]
        if (choice && !event.repeat) onAnswer({ answer: "class", class_id: choice.id })
      },
    },
    { keys: "X", label: strings.doesNotBelong, run: () => onAnswer({ answer: "does_not_belong", class_id: null }) },
    { keys: "N", label: strings.notSure, run: () => onAnswer({ answer: "not_sure", class_id: null }) },
    { keys: "/", label: keys.searchMarked, run: onSearch },
    { keys: "]", label: keys.nextClass, run: () => turn(1) },
    { keys: "[", label: keys.previousClass, run: () => turn(-1) },
    { keys: "Mod+Z", label: strings.undo, run: onUndo },
    { keys: ["Mod+Shift+Z", "Mod+Y"], label: strings.redo, run: onRedo },
  ])
}
