import type { RefObject } from "react"

import type { ProjectClass } from "../../../api/shared"
import { useActions } from "../../../keymap"
import { placeOf } from "../session/keys"
import type { Answer } from "../session/types"
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

/** What the keys of the grid do. */
export function useGridKeys({ grid, ids, choices, classId, marks, setMarks, onAnswer, onAccept, onUndo, onRedo, onClass, onSearch }: Options): void {
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
  useActions("many", {
    move: arrows,
    extend: arrows,
    mark: () => setMarks(toggle(marks, ids, marks.at)),
    markAll: () => setMarks({ ...marks, marked: new Set(ids) }),
    unmark: () => setMarks({ ...NO_MARKS, at: marks.at }),
    accept: (event) => event.repeat || onAccept(),
    digits: (event) => {
      const choice = choices[placeOf(event.code) ?? -1]
      if (choice && !event.repeat) onAnswer({ answer: "class", class_id: choice.id })
    },
    doesNotBelong: () => onAnswer({ answer: "does_not_belong", class_id: null }),
    notSure: () => onAnswer({ answer: "not_sure", class_id: null }),
    search: onSearch,
    nextClass: () => turn(1),
    previousClass: () => turn(-1),
    undo: onUndo,
    redo: onRedo,
  })
}
