/** One picture's objects with selection, clipboard and history: everything that can be done to them, without a screen. */

import type { Change, DrawnObject, Values } from "./document/document"
import { objectAt } from "./document/finding"
import { erased, layerOf, painted, pasted, recast, reshaped } from "./document/layers"
import { areEqual } from "./document/merge"
import { copies } from "./document/pasting"
import { ProposalSheet } from "./document/proposals"
import { withValues } from "./document/sheet"
import { clippedTo, type ImagePoint } from "./geometry/points"
import type { Raster } from "./geometry/raster"
import type { Size } from "./geometry/viewport"
import type { BoardPorts, SmartPort } from "./ports"
import type { Shape } from "./shapes"
import { converted, type Form } from "./shapes/convert"
import type { MaskShape } from "./shapes/types"
import { moved } from "./tools/select"
import { SETTINGS, type Bench, type ToolSettings } from "./tools/tool"

const NOTHING: ReadonlySet<string> = new Set()

export class Board extends ProposalSheet implements Bench {
  private clipboard: DrawnObject[] = []
  readonly hidden = new Set<string>()
  readonly locked = new Set<string>()
  previews: ReadonlyMap<string, Shape> = new Map()
  settings: ToolSettings = SETTINGS
  classId: string | null = null
  /** Only just drawn, and selected by nobody: the digit pressed now is meant for what is drawn next. */
  private fresh: string | null = null
  /** Grows with every change of what rests on the picture. */
  version = 0

  /** `ports.changed` is called after every change, `ports.previewed` while something is dragged and nothing has changed yet. */
  constructor(private readonly ports: BoardPorts) {
    super()
  }

  protected override onChange(): void {
    this.version += 1
    this.ports.changed()
  }

  protected override spent(): number {
    return this.ports.active?.() ?? 0
  }

  get jointCount(): number {
    return this.classId === null ? 0 : this.ports.jointCountOf(this.classId)
  }

  get isLayered(): boolean {
    return this.ports.isLayered ?? false
  }

  get layer(): MaskShape | null {
    return this.isLayered && this.classId !== null ? layerOf(this.objects, this.classId) : null
  }

  pixels(): Raster | null {
    return this.ports.pixels()
  }

  get smart(): SmartPort | null {
    return this.ports.smart ?? null
  }

  repaint(): void {
    this.ports.previewed()
  }

  set(settings: Partial<ToolSettings>): void {
    this.settings = { ...this.settings, ...settings }
    this.onChange()
  }

  /** Another picture: nothing of the one before can be undone here. */
  load(size: Size, objects: readonly DrawnObject[], attributes: Values = {}): void {
    this.begin(size, objects, attributes)
    this.offerNothing()
    this.hidden.clear()
    this.locked.clear()
    this.previews = new Map()
    this.select([])
  }

  private become(ids: Iterable<string>, change: (object: DrawnObject) => DrawnObject): void {
    const all = [...ids]
    const free = all.filter((id) => !this.locked.has(id)).flatMap((id) => this.objects.get(id) ?? [])
    // Whoever changes a suggestion takes it over.
    this.step([...free.map((before) => ({ id: before.id, before, after: change(before) })), ...this.taking(all, change)])
  }

  add(shape: Shape): void {
    if (this.classId === null) return
    const z = Math.max(0, ...[...this.objects.values()].map((object) => object.z))
    const after: DrawnObject = { id: this.ports.newId(), class_id: this.classId, shape, attributes: {}, z }
    const layers = this.isLayered ? painted(this.objects, after, this) : null
    if (layers) {
      this.go(layers)
      this.select([])
      return
    }
    this.step([{ id: after.id, before: null, after }])
    this.select([after.id])
    this.fresh = after.id
  }

  /** What was only just drawn is from here on as if it had been selected by hand. */
  settle(): void {
    this.fresh = null
  }

  erase(shape: Shape): void {
    this.go(erased(this.objects, shape, this))
    this.select(this.selection)
  }

  reshape(shapes: ReadonlyMap<string, Shape>): void {
    if (this.isLayered) this.go(reshaped(this.objects, shapes, this))
    else this.become(shapes.keys(), (object) => ({ ...object, shape: shapes.get(object.id) ?? object.shape }))
  }

  preview(shapes: ReadonlyMap<string, Shape>): void {
    // Objects that come to be dragged leave what rests, and go back to it.
    if (shapes.size !== this.previews.size) this.version += 1
    this.previews = shapes
    this.ports.previewed()
  }

  override select(ids: Iterable<string>): void {
    this.fresh = null
    super.select(ids)
  }

  remove(ids: Iterable<string> = this.selection): void {
    const free = [...ids].filter((id) => !this.locked.has(id))
    const gone = free.flatMap((id) => this.objects.get(id) ?? [])
    if (free.length > 0 && gone.length === 0) {
      this.reject(free)
      return
    }
    this.step(gone.map((before) => ({ id: before.id, before, after: null })), { rejected: this.rejecting(free) })
    this.select([...this.selection])
  }

  objectAt(at: ImagePoint, slack: number): string | null {
    return objectAt(this.objects, this.hidden, at, slack) ?? objectAt(this.proposals, NOTHING, at, slack)
  }

  isLocked(id: string): boolean {
    return this.locked.has(id)
  }

  isHidden(id: string): boolean {
    return this.hidden.has(id)
  }

  /** The class of what is selected; without a selection, of what is drawn next. */
  setClass(classId: string): void {
    this.classId = classId
    if (this.fresh !== null) this.select([])
    if (this.isLayered && this.selection.size > 0) {
      this.go(recast(this.objects, this.selection, classId, this))
      this.select(this.selection)
    } else if (this.selection.size > 0) this.become(this.selection, (object) => (object.class_id === classId ? object : { ...object, class_id: classId }))
    this.onChange()
  }

  undo(): void {
    this.after(this.takeBack())
  }

  redo(): void {
    this.after(this.goAgain())
  }

  private after(changes: readonly Change[] | null): void {
    // Selected layers would change class by the digit that is meant for what is painted next.
    if (changes) this.select(this.isLayered ? [] : changes.map(({ id }) => id))
  }

  selectAll(): void {
    this.select([...this.objects.keys()].filter((id) => !this.hidden.has(id)))
  }

  copy(): number {
    this.clipboard = [...this.selection].flatMap((id) => this.objects.get(id) ?? [])
    return this.clipboard.length
  }

  /** Paste what was copied, here or from another picture; beside the original where it would lie on it. */
  paste(from: readonly DrawnObject[] = this.clipboard): void {
    if (this.isLayered) return this.go(pasted(this.objects, from, this.ports.newId, this))
    const made = copies(this.objects, from, this.ports.newId, this)
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
      const shape = this.find(id)?.shape
      const next = shape && converted(shape, to, this.settings.outlineTolerance, (bounds) => clippedTo(bounds, frame))
      return next ? [[id, next] as const] : []
    })
    this.reshape(new Map(made))
  }

  /** Hide all but what is selected; if anything is hidden already, show everything. */
  hideOthers(): void {
    const others = this.hidden.size > 0 ? [] : [...this.objects.keys()].filter((id) => !this.selection.has(id))
    this.hidden.clear()
    this.toggle(this.hidden, others)
  }

  /** Values of attributes for what is selected; undefined takes one away. `ids` are those that can have them. */
  describe(values: Partial<Values>, ids: Iterable<string> = this.selection): void {
    this.become(ids, (object) => {
      const attributes = withValues(object.attributes, values)
      return areEqual(attributes, object.attributes) ? object : { ...object, attributes }
    })
  }

  toggle(set: Set<string>, ids: Iterable<string> = this.selection): void {
    for (const id of ids) if (!set.delete(id)) set.add(id)
    this.onChange()
  }
}
