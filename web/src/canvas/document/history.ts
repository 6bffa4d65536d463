import { applied, inverse, NOTHING, type Change, type Drawing, type Objects, type Values } from "./document"

/** Changes of objects, and of what is said of the picture as a whole. */
interface Step {
  changes: readonly Change[]
  before: Values
  after: Values
}

/** A drawing with every step that led to it, and those that were taken back. */
export class History {
  private past: Step[] = []
  private future: Step[] = []

  constructor(public drawing: Drawing = NOTHING) {}

  get objects(): Objects {
    return this.drawing.objects
  }

  do(changes: readonly Change[], after: Values = this.drawing.attributes): void {
    const real = changes.filter(({ before, after: next }) => before !== next)
    const before = this.drawing.attributes
    if (real.length === 0 && after === before) return
    this.drawing = { objects: applied(this.objects, real), attributes: after }
    this.past.push({ changes: real, before, after })
    this.future = []
  }

  undo(): readonly Change[] | null {
    const step = this.past.pop()
    if (!step) return null
    this.future.push(step)
    const back = inverse(step.changes)
    this.drawing = { objects: applied(this.objects, back), attributes: step.before }
    return back
  }

  redo(): readonly Change[] | null {
    const step = this.future.pop()
    if (!step) return null
    this.past.push(step)
    this.drawing = { objects: applied(this.objects, step.changes), attributes: step.after }
    return step.changes
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }
}
