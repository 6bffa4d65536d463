import { clampTo, distance, type ImagePoint } from "../geometry/points"
import { kindOf, type Shape } from "../shapes"
import type { Bench, Pointer, Tool } from "./tool"

const CLOSE_PX = 8

/** Draws corner by corner; Enter, a double click or a click on the first corner ends it, Backspace takes one back. */
export class PointsTool implements Tool {
  readonly cursor = "crosshair"
  private points: ImagePoint[] = []
  private hover: ImagePoint | null = null
  private isTracing = false

  constructor(
    private readonly bench: Bench,
    private readonly shapeOf: (flat: number[]) => Shape,
  ) {}

  get draft(): Shape | null {
    const all = this.hover ? [...this.points, this.hover] : this.points
    return this.points.length === 0 ? null : this.shapeOf(all.flatMap((p) => [p.x, p.y]))
  }

  down({ at, pixel, isDouble }: Pointer): void {
    const p = clampTo(at, this.bench.width, this.bench.height)
    const [first] = this.points
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
    if (!kindOf(shape).isTiny(shape)) this.bench.add(shape)
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
