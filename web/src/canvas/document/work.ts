/** Seconds of active work on each object, until the server has them. */

import type { Change, DrawnObject } from "./document"

const LEAST_S = 0.001

export class Work {
  private readonly spent = new Map<string, number>()

  /** Share out what was spent among the objects that a step made or changed. */
  add(changes: readonly Change[], seconds: number): void {
    const kept = changes.filter(({ after }) => after !== null)
    for (const { id } of kept) this.spent.set(id, (this.spent.get(id) ?? 0) + seconds / kept.length)
  }

  /** What was spent on these objects, to the millisecond. */
  on(objects: readonly DrawnObject[]): Record<string, number> {
    const known = objects.flatMap(({ id }) => {
      const seconds = this.spent.get(id)
      return seconds === undefined ? [] : [[id, Math.round(seconds * 1000) / 1000] as const]
    })
    return Object.fromEntries(known)
  }

  /** The server has these seconds now; what was spent since stays. */
  paid(work: Record<string, number>): void {
    for (const [id, seconds] of Object.entries(work)) {
      const left = (this.spent.get(id) ?? 0) - seconds
      if (left > LEAST_S) this.spent.set(id, left)
      else this.spent.delete(id)
    }
  }
}
