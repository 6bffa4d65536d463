/** One picture's drawing with every step that led to it, and what of it the server does not have yet. */

import { changesBetween, difference, drawingOf, NOTHING, type Change, type Drawing, type DrawnObject, type Objects, type Unsaved, type Values } from "./document"
import { History, type Rest } from "./history"
import { areEqual } from "./merge"
import { Work } from "./work"

const missing = (from: ReadonlySet<string>, others: ReadonlySet<string>): string[] => [...from].filter((id) => !others.has(id))

export class Sheet {
  private history = new History()
  private saved: Drawing = NOTHING
  private work = new Work()
  width = 1
  height = 1

  /** Called after every step. */
  protected onChange(): void {}

  /** Seconds of active work since it was last asked. */
  protected spent(): number {
    return 0
  }

  /** Suggestions that somebody said are wrong. */
  get rejected(): ReadonlySet<string> {
    return this.history.drawing.rejected
  }

  /** Another one after every change; the same as long as nothing changes. */
  get drawing(): Drawing {
    return this.history.drawing
  }

  get objects(): Objects {
    return this.history.objects
  }

  /** What is said of the picture as a whole. */
  get attributes(): Values {
    return this.history.drawing.attributes
  }

  get canUndo(): boolean {
    return this.history.canUndo
  }

  get canRedo(): boolean {
    return this.history.canRedo
  }

  protected begin(size: { width: number; height: number }, objects: readonly DrawnObject[], attributes: Values): void {
    this.saved = drawingOf(objects, attributes)
    this.history = new History(this.saved)
    this.work = new Work()
    this.spent()
    this.width = size.width
    this.height = size.height
  }

  /** What the server does not have yet. */
  unsaved(): Unsaved {
    const attributes = areEqual(this.saved.attributes, this.attributes) ? null : this.attributes
    const change = difference(this.saved.objects, this.objects)
    const [now, before] = [this.rejected, this.saved.rejected]
    return { ...change, attributes, reject: missing(now, before), reconsider: missing(before, now), work: this.work.on(change.put) }
  }

  /** The server has this drawing now, and these seconds of work. */
  confirm(drawing: Drawing, work: Record<string, number> = {}): void {
    this.saved = drawing
    this.work.paid(work)
  }

  /** What the server had when this drawing began, or was last saved. */
  get base(): Drawing {
    return this.saved
  }

  /** Replace everything by `drawing` while the server has `theirs`; the step can be undone. */
  adopt(drawing: Drawing, theirs: Drawing): void {
    this.saved = theirs
    this.step(changesBetween(this.objects, drawing.objects), { attributes: drawing.attributes })
  }

  /** A drawing as an earlier visit left it, by now perhaps on top of another's work; the step can be undone. */
  take({ put, delete: gone, attributes, reject }: Omit<Unsaved, "work" | "reconsider">, isBaseKnown: boolean): void {
    if (!isBaseKnown) this.saved = NOTHING
    const lost = gone.map((id) => ({ id, before: this.objects.get(id) ?? null, after: null }))
    const made = put.map((after) => ({ id: after.id, before: this.objects.get(after.id) ?? null, after }))
    const rejected = reject.length > 0 ? new Set([...this.rejected, ...reject]) : this.rejected
    this.step([...lost, ...made], { attributes: attributes ?? this.attributes, rejected })
  }

  /** Values of attributes of the picture as a whole; undefined takes one away. */
  describePicture(values: Partial<Values>): void {
    const next = withValues(this.attributes, values)
    if (!areEqual(next, this.attributes)) this.step([], { attributes: next })
  }

  protected step(changes: readonly Change[], rest: Partial<Rest> = {}): void {
    this.work.add(this.history.do(changes, rest), this.spent())
    this.onChange()
  }

  protected go(next: Objects): void {
    this.step(changesBetween(this.objects, next))
  }

  protected takeBack(): readonly Change[] | null {
    this.spent()
    return this.history.undo()
  }

  protected goAgain(): readonly Change[] | null {
    this.spent()
    return this.history.redo()
  }
}

export function withValues(before: Values, values: Partial<Values>): Values {
  const all = { ...before, ...values }
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
}
