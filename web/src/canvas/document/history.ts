import { applied, inverse, type Change, type Objects } from "./document"

/** Objects with every step that led to them, and those that were taken back. */
export class History {
  private past: (readonly Change[])[] = []
  private future: (readonly Change[])[] = []

  constructor(public objects: Objects = new Map()) {}

  do(changes: readonly Change[]): void {
    const real = changes.filter(({ before, after }) => before !== after)
    if (real.length === 0) return
    this.objects = applied(this.objects, real)
    this.past.push(real)
    this.future = []
  }

  undo(): readonly Change[] | null {
    const step = this.past.pop()
    if (!step) return null
    this.future.push(step)
    const back = inverse(step)
    this.objects = applied(this.objects, back)
    return back
  }

  redo(): readonly Change[] | null {
    const step = this.future.pop()
    if (!step) return null
    this.past.push(step)
    this.objects = applied(this.objects, step)
    return step
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }
}
