/** One picture's objects with selection, clipboard and history: everything that can be done to them, without a screen. */

import { difference, inOrder, type Change, type DrawnObject, type Objects } from "./document/document"
import { History } from "./document/history"
import type { ImagePoint } from "./geometry/points"
import type { Size } from "./geometry/viewport"
import { kindOf, type Shape } from "./shapes"
import { moved } from "./tools/select"
import type { Bench } from "./tools/tool"

const SHIFT_PX = 12

export class Board implements Bench {
  private history = new History()
  private saved: Objects = new Map()
  private clipboard: DrawnObject[] = []
  readonly hidden = new Set<string>()
  readonly locked = new Set<string>()
  selection: ReadonlySet<string> = new Set()
  previews: ReadonlyMap<string, Shape> = new Map()
  brushRadius = 12
  classId: string | null = null
  width = 1
  height = 1
  /** Grows with every change that the screen shows. */
  version = 0

  /** `tell` is called after anything that the screen shows has changed; `newId` names new objects. */
  constructor(
    private readonly tell: () => void,
    private readonly newId: () => string,
  ) {}

  private onChange(): void {
    this.version += 1
    this.tell()
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

  /** Replace everything by what the server has; the step can be undone. */
  adopt(objects: readonly DrawnObject[]): void {
    const theirs = new Map(objects.map((object) => [object.id, object]))
    const ids = new Set([...this.objects.keys(), ...theirs.keys()])
    this.step([...ids].map((id) => ({ id, before: this.objects.get(id) ?? null, after: theirs.get(id) ?? null })))
    this.saved = theirs
  }

  /** Objects as an earlier visit left them; the step can be undone. */
  take(put: readonly DrawnObject[], gone: readonly string[]): void {
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
    const after: DrawnObject = { id: this.newId(), class_id: this.classId, shape, attributes: {}, z }
    this.step([{ id: after.id, before: null, after }])
    this.select([after.id])
  }

  reshape(shapes: ReadonlyMap<string, Shape>): void {
    this.become(shapes.keys(), (object) => ({ ...object, shape: shapes.get(object.id) ?? object.shape }))
  }

  preview(shapes: ReadonlyMap<string, Shape>): void {
    this.previews = shapes
    this.onChange()
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
    const hits = inOrder(this.objects).filter(({ id, shape }) => !this.hidden.has(id) && kindOf(shape).hit(shape, at, slack))
    // Of several that lie under the pointer, the smallest is meant: a larger one can be grabbed elsewhere.
    const area = ({ shape }: DrawnObject) => {
      const { x1, y1, x2, y2 } = kindOf(shape).bounds(shape)
      return (x2 - x1) * (y2 - y1)
    }
    return hits.reverse().sort((a, b) => area(a) - area(b))[0]?.id ?? null
  }

  isLocked(id: string): boolean {
    return this.locked.has(id)
  }

  /** The size of every selected object, in pixels of the picture. */
  selected(): { width: number; height: number }[] {
    return [...this.selection].flatMap((id) => {
      const object = this.objects.get(id)
      if (!object) return []
      const { x1, y1, x2, y2 } = kindOf(object.shape).bounds(object.shape)
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
    const place = ({ shape }: DrawnObject) => kindOf(shape).bounds(shape)
    const all = [...this.objects.values()].sort((a, b) => place(a).y1 - place(b).y1 || place(a).x1 - place(b).x1)
    const at = all.findIndex(({ id }) => this.selection.has(id))
    const next = all[(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by + all.length) % all.length]
    if (next) this.select([next.id])
  }

  copy(): number {
    this.clipboard = [...this.selection].flatMap((id) => this.objects.get(id) ?? [])
    return this.clipboard.length
  }

  /** Paste what was copied, here or from another picture; beside the original where it would lie on it. */
  paste(from: readonly DrawnObject[] = this.clipboard): void {
    const taken = new Set([...this.objects.values()].map(({ shape }) => JSON.stringify(shape)))
    const made = from.map((object) => {
      const lies = taken.has(JSON.stringify(object.shape))
      return { ...object, id: this.newId(), shape: lies ? kindOf(object.shape).translate(object.shape, SHIFT_PX, SHIFT_PX) : object.shape }
    })
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

  toggle(set: Set<string>, ids: Iterable<string> = this.selection): void {
    for (const id of ids) if (!set.delete(id)) set.add(id)
    this.onChange()
  }
}
