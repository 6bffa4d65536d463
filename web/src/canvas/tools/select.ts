import { clampTo, distance, overlap, rectOf, type ImagePoint } from "../geometry/points"
import { boundsOfShape, handlesOf, kindOf, type Shape } from "../shapes"
import type { Bench, Pointer, Tool } from "./tool"

const GRIP_PX = 7

type State =
  | { kind: "idle" }
  | { kind: "moving"; from: ImagePoint; ids: string[]; hasMoved: boolean }
  | { kind: "handle"; id: string; index: number; shape: Shape }
  | { kind: "marquee"; from: ImagePoint; before: string[] }

/** Selects, moves and reshapes what is there. */
export class SelectTool implements Tool {
  readonly cursor = "default"
  draft: Shape | null = null
  private state: State = { kind: "idle" }
  private pending = new Map<string, Shape>()

  constructor(private readonly bench: Bench) {}

  down(pointer: Pointer): void {
    const handle = this.handleAt(pointer)
    if (handle) {
      if (pointer.alt) this.removeCorner(handle.id, handle.index)
      else this.grab(handle.id, handle.index)
      return
    }
    const id = this.bench.objectAt(pointer.at, 4 * pointer.pixel)
    const selected = [...this.bench.selection]
    if (id === null) {
      if (!pointer.shift) this.bench.select([])
      this.state = { kind: "marquee", from: pointer.at, before: pointer.shift ? selected : [] }
      return
    }
    if (pointer.shift) this.bench.select(selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id])
    else if (!selected.includes(id)) this.bench.select([id])
    const ids = [...this.bench.selection].filter((other) => !this.bench.isLocked(other))
    this.state = { kind: "moving", from: pointer.at, ids, hasMoved: false }
  }

  private grab(id: string, index: number): void {
    const shape = this.bench.find(id)?.shape
    if (!shape) return
    const grabbed = kindOf(shape).grab?.(shape, index) ?? { shape, index }
    this.state = { kind: "handle", id, ...grabbed }
  }

  private removeCorner(id: string, index: number): void {
    const shape = this.bench.find(id)?.shape
    const next = shape && kindOf(shape).removeHandle?.(shape, index)
    if (next) this.bench.reshape(new Map([[id, next]]))
  }

  move(pointer: Pointer): void {
    const { state } = this
    if (state.kind === "handle") {
      const to = clampTo(pointer.at, this.bench.width, this.bench.height)
      this.show(new Map([[state.id, kindOf(state.shape).moveHandle(state.shape, state.index, to)]]))
    } else if (state.kind === "moving") {
      if (distance(state.from, pointer.at) > 2 * pointer.pixel) state.hasMoved = true
      if (state.hasMoved) this.show(moved(this.bench, state.ids, pointer.at.x - state.from.x, pointer.at.y - state.from.y))
    } else if (state.kind === "marquee") {
      this.draft = { type: "box", ...rectOf(state.from, pointer.at), angle: 0 }
    }
  }

  private show(shapes: Map<string, Shape>): void {
    this.pending = shapes
    this.bench.preview(shapes)
  }

  up(pointer: Pointer): void {
    const { state } = this
    if (state.kind === "marquee" && this.draft) {
      const frame = rectOf(state.from, pointer.at)
      const found = [...this.bench.objects.values()].filter(({ id, shape }) => !kindOf(shape).isUnseen && !this.bench.isHidden(id) && overlap(boundsOfShape(shape), frame))
      this.bench.select([...state.before, ...found.map(({ id }) => id)])
    }
    const shapes = this.pending
    this.reset()
    if (shapes.size > 0) this.bench.reshape(shapes)
  }

  private reset(): void {
    this.state = { kind: "idle" }
    this.draft = null
    this.show(new Map())
  }

  key(name: string): boolean {
    if (name !== "Escape" || this.state.kind === "idle") return false
    this.reset()
    return true
  }

  cursorAt(pointer: Pointer): string {
    const handle = this.handleAt(pointer)
    if (handle) return handle.cursor
    return this.bench.objectAt(pointer.at, 4 * pointer.pixel) === null ? "default" : "move"
  }

  isFreeAt(pointer: Pointer): boolean {
    return !pointer.shift && !this.handleAt(pointer) && this.bench.objectAt(pointer.at, 4 * pointer.pixel) === null
  }

  private handleAt(pointer: Pointer): { id: string; index: number; cursor: string } | null {
    if (this.bench.selection.size !== 1) return null
    const [id] = this.bench.selection
    const shape = id === undefined ? undefined : this.bench.find(id)?.shape
    if (id === undefined || !shape || this.bench.isLocked(id)) return null
    const near = handlesOf(shape, pointer.pixel).map((handle) => ({ ...handle, far: distance(handle.at, pointer.at) }))
    const [best] = near.filter(({ far }) => far <= GRIP_PX * pointer.pixel).sort((a, b) => Number(a.isExtra ?? false) - Number(b.isExtra ?? false) || a.far - b.far)
    return best ? { id, index: best.index, cursor: best.cursor } : null
  }
}

/** The shapes of these objects moved by dx, dy, but not out of the picture. */
export function moved(bench: Bench, ids: Iterable<string>, dx: number, dy: number): Map<string, Shape> {
  const shapes = [...ids].flatMap((id) => bench.find(id) ?? [])
  const all = shapes.map(({ shape }) => boundsOfShape(shape))
  const left = Math.min(...all.map((b) => b.x1))
  const top = Math.min(...all.map((b) => b.y1))
  const right = Math.max(...all.map((b) => b.x2))
  const bottom = Math.max(...all.map((b) => b.y2))
  const x = Math.min(Math.max(dx, -left), bench.width - right)
  const y = Math.min(Math.max(dy, -top), bench.height - bottom)
  return new Map(shapes.map(({ id, shape }) => [id, kindOf(shape).translate(shape, x, y)]))
}
