/** One picture's objects with selection, clipboard and history: everything that can be done to them, without a screen. */

import { difference, type Change, type DrawnObject, type Objects } from "./document/document"
import { neighbour, objectAt } from "./document/finding"
import { History } from "./document/history"
import { copies } from "./document/pasting"
import { clippedTo, type ImagePoint } from "./geometry/points"
import type { Raster } from "./geometry/raster"
import type { Size } from "./geometry/viewport"
import type { BoardPorts } from "./ports"
import { boundsOfShape, type Shape } from "./shapes"
import { converted, type Form } from "./shapes/convert"
import { moved } from "./tools/select"
import { SETTINGS, type Bench, type ToolSettings } from "./tools/tool"

export class Board implements Bench {
  private history = new History()
  private saved: Objects = new Map()
  private clipboard: DrawnObject[] = []
  readonly hidden = new Set<string>()
  readonly locked = new Set<string>()
  selection: ReadonlySet<string> = new Set()
  previews: ReadonlyMap<string, Shape> = new Map()
  settings: ToolSettings = SETTINGS
  classId: string | null = null
  width = 1
  height = 1
  /** Grows with every change of what rests on the picture. */
  version = 0

  /** `ports.changed` is called after every change, `ports.previewed` while something is dragged and nothing has changed yet. */
  constructor(private readonly ports: BoardPorts) {}

  private onChange(): void {
    this.version += 1
    this.ports.changed()
  }

  get jointCount(): number {
    return this.classId === null ? 0 : this.ports.jointCountOf(this.classId)
  }

  pixels(): Raster | null {
    return this.ports.pixels()
  }

  set(settings: Partial<ToolSettings>): void {
    this.settings = { ...this.settings, ...settings }
    this.onChange()
  }

  get objects(): Objects {
    return this.history.objects
  }

  get canUndo(): boolean {
    return this.history.canUndo
  }

  get canRedo(): boolean {
    return this.history.canRedo
  }

  /** Another picture: nothing of the one before can be undone here. */
  load(size: Size, objects: readonly DrawnObject[]): void {
    const map = new Map(objects.map((object) => [object.id, object]))
    this.history = new History(map)
    this.saved = map
    this.width = size.width
    this.height = size.height
    this.hidden.clear()
    this.locked.clear()
    this.previews = new Map()
    this.select([])
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
    const next = new Map(objects.map((object) => [object.id, object]))
    const ids = new Set([...this.objects.keys(), ...next.keys()])
    this.saved = new Map(theirs.map((object) => [object.id, object]))
    this.step([...ids].map((id) => ({ id, before: this.objects.get(id) ?? null, after: next.get(id) ?? null })))
  }

  /** Objects as an earlier visit left them, by now perhaps on top of another's work; the step can be undone. */
  take(put: readonly DrawnObject[], gone: readonly string[], isBaseKnown: boolean): void {
    if (!isBaseKnown) this.saved = new Map()
    const lost = gone.map((id) => ({ id, before: this.objects.get(id) ?? null, after: null }))
    this.step([...lost, ...put.map((after) => ({ id: after.id, before: this.objects.get(after.id) ?? null, after }))])
  }

  private step(changes: readonly Change[]): void {
    this.history.do(changes)
    this.onChange()
  }

  private become(ids: Iterable<string>, change: (object: DrawnObject) => DrawnObject): void {
    const free = [...ids].filter((id) => !this.locked.has(id)).flatMap((id) => this.objects.get(id) ?? [])
    this.step(free.map((before) => ({ id: before.id, before, after: change(before) })))
  }

  add(shape: Shape): void {
    if (this.classId === null) return
    const z = Math.max(0, ...[...this.objects.values()].map((object) => object.z))
    const after: DrawnObject = { id: this.ports.newId(), class_id: this.classId, shape, attributes: {}, z }
    this.step([{ id: after.id, before: null, after }])
    this.select([after.id])
  }

  reshape(shapes: ReadonlyMap<string, Shape>): void {
    this.become(shapes.keys(), (object) => ({ ...object, shape: shapes.get(object.id) ?? object.shape }))
  }

  preview(shapes: ReadonlyMap<string, Shape>): void {
    // Objects that come to be dragged leave what rests, and go back to it.
    if (shapes.size !== this.previews.size) this.version += 1
    this.previews = shapes
    this.ports.previewed()
  }

  select(ids: Iterable<string>): void {
    this.selection = new Set([...ids].filter((id) => this.objects.has(id)))
    this.onChange()
  }

  remove(ids: Iterable<string> = this.selection): void {
    const gone = [...ids].filter((id) => !this.locked.has(id)).flatMap((id) => this.objects.get(id) ?? [])
    this.step(gone.map((before) => ({ id: before.id, before, after: null })))
    this.select([...this.selection])
  }

  objectAt(at: ImagePoint, slack: number): string | null {
    return objectAt(this.objects, this.hidden, at, slack)
  }

  isLocked(id: string): boolean {
    return this.locked.has(id)
  }

  /** The size of every selected object, in pixels of the picture. */
  selected(): { width: number; height: number }[] {
    return [...this.selection].flatMap((id) => {
      const object = this.objects.get(id)
      if (!object) return []
      const { x1, y1, x2, y2 } = boundsOfShape(object.shape)
      return [{ width: x2 - x1, height: y2 - y1 }]
    })
  }

  /** The class of what is selected; without a selection, of what is drawn next. */
  setClass(classId: string): void {
    this.classId = classId
    if (this.selection.size > 0) this.become(this.selection, (object) => (object.class_id === classId ? object : { ...object, class_id: classId }))
    this.onChange()
  }

  undo(): void {
    this.after(this.history.undo())
  }

  redo(): void {
    this.after(this.history.redo())
  }

  private after(changes: readonly Change[] | null): void {
    if (changes) this.select(changes.map(({ id }) => id))
  }

  selectAll(): void {
    this.select([...this.objects.keys()].filter((id) => !this.hidden.has(id)))
  }

  /** The next (1) or previous (-1) object, from the top-left on. */
  cycle(by: 1 | -1): void {
    const next = neighbour(this.objects, this.selection, by)
    if (next !== null) this.select([next])
  }

  copy(): number {
    this.clipboard = [...this.selection].flatMap((id) => this.objects.get(id) ?? [])
    return this.clipboard.length
  }

  /** Paste what was copied, here or from another picture; beside the original where it would lie on it. */
  paste(from: readonly DrawnObject[] = this.clipboard): void {
    const made = copies(this.objects, from, this.ports.newId)
    this.step(made.map((after) => ({ id: after.id, before: null, after })))
    this.select(made.map(({ id }) => id))
  }

  duplicate(): void {
    this.paste([...this.selection].flatMap((id) => this.objects.get(id) ?? []))
  }

  nudge(dx: number, dy: number): void {
    const free = [...this.selection].filter((id) => !this.locked.has(id))
    if (free.length > 0) this.reshape(moved(this, free, dx, dy))
  }

  /** Above (1) or below (-1) all others. */
  restack(by: 1 | -1): void {
    const all = [...this.objects.values()].map(({ z }) => z)
    const z = by > 0 ? Math.max(...all) + 1 : Math.min(...all) - 1
    this.become(this.selection, (object) => ({ ...object, z }))
  }

  /** What is selected in another form: masks as polygons with as few corners as the tolerance allows, polygons as masks. */
  convert(to: Form): void {
    const frame = { x1: 0, y1: 0, x2: this.width, y2: this.height }
    const made = [...this.selection].flatMap((id) => {
      const shape = this.objects.get(id)?.shape
      const next = shape && converted(shape, to, this.settings.outlineTolerance, (bounds) => clippedTo(bounds, frame))
      return next ? [[id, next] as const] : []
    })
    this.reshape(new Map(made))
  }

  /** Values of attributes for what is selected. */
  describe(attributes: DrawnObject["attributes"]): void {
    this.become(this.selection, (object) => ({ ...object, attributes: { ...object.attributes, ...attributes } }))
  }

  toggle(set: Set<string>, ids: Iterable<string> = this.selection): void {
    for (const id of ids) if (!set.delete(id)) set.add(id)
    this.onChange()
  }
}
