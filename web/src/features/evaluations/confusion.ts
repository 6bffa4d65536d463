/** Which classes of a confusion matrix to show, and in which order, so that 81 of them stay readable. */

export interface Cell {
  truth: number
  predicted: number
  n: number
}

/** The mistakes of each class, as truth and as prediction. */
export function mistakes(confusion: readonly (readonly number[])[]): number[] {
  const total = confusion.map(() => 0)
  confusion.forEach((row, truth) =>
    row.forEach((n, predicted) => {
      if (truth === predicted) return
      total[truth] = (total[truth] ?? 0) + n
      total[predicted] = (total[predicted] ?? 0) + n
    }),
  )
  return total
}

/** Class indices, most mistaken first, each followed by the classes it is confused with; at most `limit`. */
export function confusedFirst(confusion: readonly (readonly number[])[], limit: number): number[] {
  const total = mistakes(confusion)
  const rest = new Set(total.map((_, index) => index).sort((a, b) => (total[b] ?? 0) - (total[a] ?? 0) || a - b))
  const order: number[] = []
  const between = (a: number, b: number) => (confusion[a]?.[b] ?? 0) + (confusion[b]?.[a] ?? 0)
  while (rest.size > 0 && order.length < limit) {
    const last = order.at(-1)
    const near = last === undefined ? undefined : [...rest].reduce((best, next) => (between(last, next) > between(last, best) ? next : best))
    const [first] = rest
    const next = last !== undefined && near !== undefined && between(last, near) > 0 ? near : first
    if (next === undefined) break
    order.push(next)
    rest.delete(next)
  }
  return order
}

/** The cells that hold pictures, of the classes shown, in the order shown. */
export function filledCells(confusion: readonly (readonly number[])[], order: readonly number[]): Cell[] {
  return order.flatMap((truth) =>
    order.flatMap((predicted) => {
      const n = confusion[truth]?.[predicted] ?? 0
      return n > 0 ? [{ truth, predicted, n }] : []
    }),
  )
}
