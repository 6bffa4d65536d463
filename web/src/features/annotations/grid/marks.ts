/** Which tiles of a grid are marked, and where the keyboard stands. */

export interface Marks {
  at: number
  marked: ReadonlySet<string>
}

export const NO_MARKS: Marks = { at: 0, marked: new Set() }

export function toggle(marks: Marks, ids: readonly string[], at: number): Marks {
  const id = ids[at]
  if (id === undefined) return marks
  const marked = new Set(marks.marked)
  if (!marked.delete(id)) marked.add(id)
  return { at, marked }
}

/** Marks everything between where the keyboard stood and `at`. */
export function extend(marks: Marks, ids: readonly string[], at: number): Marks {
  const end = Math.min(Math.max(at, 0), ids.length - 1)
  const between = ids.slice(Math.min(marks.at, end), Math.max(marks.at, end) + 1)
  return { at: end, marked: new Set([...marks.marked, ...between]) }
}

export function moved(marks: Marks, count: number, by: number): Marks {
  return { ...marks, at: Math.min(Math.max(marks.at + by, 0), Math.max(count - 1, 0)) }
}
