/** One picture's objects with every step that led to them, and what of them the server does not have yet. */

import { changesBetween, difference, type Change, type DrawnObject, type Objects } from "./document"
import { History } from "./history"

export class Sheet {
  private history = new History()
  private saved: Objects = new Map()
  width = 1
  height = 1

  /** Called after every step. */
  protected onChange(): void {}

  get objects(): Objects {
    return this.history.objects
  }

  get canUndo(): boolean {
    return this.history.canUndo
  }

  get canRedo(): boolean {
    return this.history.canRedo
  }

  protected begin(size: { width: number; height: number }, objects: readonly DrawnObject[]): void {
    const map = new Map(objects.map((object) => [object.id, object]))
    this.history = new History(map)
    this.saved = map
    this.width = size.width
    this.height = size.height
  }

  /** What the server does not have yet. */
  unsaved(): { put: DrawnObject[]; delete: string[] } {
    return difference(this.saved, this.objects)
  }

  /** The server has these objects now. */
  confirm(objects: Objects): void {
    this.saved = objects
  }

  /** What the server had when this drawing began, or was last saved. */
  get base(): Objects {
    return this.saved
  }

  /** Replace everything by `objects` while the server has `theirs`; the step can be undone. */
  adopt(objects: readonly DrawnObject[], theirs: readonly DrawnObject[]): void {
    this.saved = new Map(theirs.map((object) => [object.id, object]))
    this.go(new Map(objects.map((object) => [object.id, object])))
  }

  /** Objects as an earlier visit left them, by now perhaps on top of another's work; the step can be undone. */
  take(put: readonly DrawnObject[], gone: readonly string[], isBaseKnown: boolean): void {
    if (!isBaseKnown) this.saved = new Map()
    const lost = gone.map((id) => ({ id, before: this.objects.get(id) ?? null, after: null }))
    this.step([...lost, ...put.map((after) => ({ id: after.id, before: this.objects.get(after.id) ?? null, after }))])
  }

  protected step(changes: readonly Change[]): void {
    this.history.do(changes)
    this.onChange()
  }

  protected go(next: Objects): void {
    this.step(changesBetween(this.objects, next))
  }

  protected takeBack(): readonly Change[] | null {
    return this.history.undo()
  }

  protected goAgain(): readonly Change[] | null {
    return this.history.redo()
  }
}
