import { clampTo, distance, rectOf, type ImagePoint } from "../geometry/points"
import { kindOf, type Shape } from "../shapes"
import type { Bench, Pointer, Tool } from "./tool"

/** Draws from corner to corner, by drag or by two clicks. */
export class DragTool implements Tool {
  readonly cursor = "crosshair"
  readonly hasGuides = true
  draft: Shape | null = null
  private start: ImagePoint | null = null
  private isDragged = false

  constructor(
    private readonly bench: Bench,
    private readonly shapeOf: (a: ImagePoint, b: ImagePoint) => Shape,
  ) {}

  private inside(p: ImagePoint): ImagePoint {
    return clampTo(p, this.bench.width, this.bench.height)
  }

  down({ at }: Pointer): void {
    if (this.start) this.finish(at)
    else {
      this.start = this.inside(at)
      this.isDragged = false
    }
  }

  move({ at, pixel }: Pointer): void {
    if (!this.start) return
    if (distance(this.start, at) > 3 * pixel) this.isDragged = true
    this.draft = this.shapeOf(this.start, this.inside(at))
  }

  up({ at }: Pointer): void {
    if (this.start && this.isDragged) this.finish(at)
  }

  private finish(at: ImagePoint): void {
    if (!this.start) return
    const shape = this.shapeOf(this.start, this.inside(at))
    this.start = this.draft = null
    if (!kindOf(shape).isTiny(shape)) this.bench.add(shape)
  }

  key(name: string): boolean {
    if ((name !== "Escape" && name !== "Backspace") || !this.start) return false
    this.start = this.draft = null
    return true
  }
}

export const boxFrom = (a: ImagePoint, b: ImagePoint): Shape => ({ type: "box", ...rectOf(a, b), angle: 0 })

export const ellipseFrom = (a: ImagePoint, b: ImagePoint): Shape => ({
  type: "ellipse",
  cx: (a.x + b.x) / 2,
  cy: (a.y + b.y) / 2,
  rx: Math.abs(a.x - b.x) / 2,
  ry: Math.abs(a.y - b.y) / 2,
  angle: 0,
})
