/** How fast something goes, from what happened in the last seconds. */

const WINDOW_MS = 8000

export class Pace {
  private marks: { at: number; amount: number }[] = []

  add(amount: number, at: number = Date.now()): void {
    this.marks.push({ at, amount })
    while (this.marks.length > 2 && at - (this.marks[0]?.at ?? at) > WINDOW_MS) this.marks.shift()
  }

  /** Amount a second. */
  rate(now: number = Date.now()): number {
    const first = this.marks[0]
    if (!first || now - first.at < 500) return 0
    return (this.marks.reduce((sum, mark) => sum + mark.amount, 0) / (now - first.at)) * 1000
  }
}
