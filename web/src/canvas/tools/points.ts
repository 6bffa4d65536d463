import { clampTo, distance, type ImagePoint } from "../geometry/points"
import { kindOf, type Shape } from "../shapes"
import type { Bench, Pointer, Tool } from "./tool"

const CLOSE_PX = 8

/**
 * Draws corner by corner; Enter, a double click or a click on the first corner ends it, Backspace takes one back.
 *
 * With Alt at the first corner it cuts: what is drawn becomes a hole of the selected polygon (or a further part of it).
 */
export class PointsTool implements Tool {
  readonly cursor = "crosshair"
  private points: ImagePoint[] = []
  private hover: ImagePoint | null = null
  private isTracing = false
  private cutInto: string | null = null

  constructor(
    private readonly bench: Bench,
    private readonly shapeOf: (flat: number[]) => Shape,
  ) {}

  get corners(): readonly ImagePoint[] {
    return this.points
  }

  get draft(): Shape | null {
    const all = this.hover ? [...this.points, this.hover] : this.points
    return this.points.length === 0 ? null : this.shapeOf(all.flatMap((p) => [p.x, p.y]))
  }

  down({ at, pixel, isDouble, alt }: Pointer): void {
    const p = clampTo(at, this.bench.width, this.bench.height)
    const [first] = this.points
    if (!first) this.cutInto = alt ? this.selectedPolygon() : null
    if (first && this.points.length > 2 && distance(first, p) <= CLOSE_PX * pixel) this.finish()
    else if (isDouble && this.points.length > 1) this.finish()
    else {
      this.points.push(p)
      this.isTracing = true
    }
  }

  /** Dragging draws freely: a corner every few pixels. */
  move({ at, pixel }: Pointer): void {
    this.hover = clampTo(at, this.bench.width, this.bench.height)
    const last = this.points.at(-1)
    if (this.isTracing && last && distance(last, this.hover) > 10 * pixel) this.points.push(this.hover)
  }

  up(): void {
    this.isTracing = false
  }

  private finish(): void {
    const shape = this.shapeOf(this.points.flatMap((p) => [p.x, p.y]))
    this.points = []
    this.hover = null
    this.isTracing = false
    if (kindOf(shape).isTiny(shape)) return
    const old = this.cutInto === null ? undefined : this.bench.objects.get(this.cutInto)
    if (old?.shape.type === "polygon" && shape.type === "polygon") this.bench.reshape(new Map([[old.id, { ...old.shape, rings: [...old.shape.rings, ...shape.rings] }]]))
    else this.bench.add(shape)
  }

  private selectedPolygon(): string | null {
    const [id] = this.bench.selection
    if (id === undefined || this.bench.selection.size !== 1 || this.bench.isLocked(id)) return null
    return this.bench.objects.get(id)?.shape.type === "polygon" ? id : null
  }

  key(name: string): boolean {
    if (this.points.length === 0) return false
    if (name === "Enter") this.finish()
    else if (name === "Escape") this.points = []
    else if (name === "Backspace") this.points.pop()
    else return false
    return true
  }
}

/** One click, one object. */
export class PointTool implements Tool {
  readonly cursor = "crosshair"
  readonly draft = null

  constructor(private readonly bench: Bench) {}

  down({ at }: Pointer): void {
    const { x, y } = clampTo(at, this.bench.width, this.bench.height)
    this.bench.add({ type: "point", x, y })
  }

  move(): void {}
  up(): void {}
  key(): boolean {
    return false
  }
}
