import { applied, inverse, NOTHING, type Change, type Drawing, type Objects } from "./document"

/** What of a drawing is no object: what is said of the picture as a whole, and which suggestions are rejected. */
export type Rest = Omit<Drawing, "objects">

interface Step {
  changes: readonly Change[]
  before: Rest
  after: Rest
}

/** A drawing with every step that led to it, and those that were taken back. */
export class History {
  private past: Step[] = []
  private future: Step[] = []

  constructor(public drawing: Drawing = NOTHING) {}

  get objects(): Objects {
    return this.drawing.objects
  }

  /** Returns the changes that change something. */
  do(changes: readonly Change[], rest: Partial<Rest> = {}): readonly Change[] {
    const real = changes.filter(({ before, after }) => before !== after)
    const { objects, ...before } = this.drawing
    const after = { ...before, ...rest }
    if (real.length === 0 && after.attributes === before.attributes && after.rejected === before.rejected) return real
    this.drawing = { objects: applied(objects, real), ...after }
    this.past.push({ changes: real, before, after })
    this.future = []
    return real
  }

  undo(): readonly Change[] | null {
    const step = this.past.pop()
    if (!step) return null
    this.future.push(step)
    const back = inverse(step.changes)
    this.drawing = { objects: applied(this.objects, back), ...step.before }
    return back
  }

  redo(): readonly Change[] | null {
    const step = this.future.pop()
    if (!step) return null
    this.past.push(step)
    this.drawing = { objects: applied(this.objects, step.changes), ...step.after }
    return step.changes
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }
}
