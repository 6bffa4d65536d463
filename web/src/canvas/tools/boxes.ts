import { clampTo, distance, rectOf, type ImagePoint } from "../geometry/points"
import { kindOf, type Shape } from "../shapes"
import type { BoxShape } from "../shapes/types"
import { boxFrom, DragTool } from "./drag"
import type { Bench, Pointer, Tool } from "./tool"

/** A plain box: by drag or two clicks, or by the four outermost points of a thing (Papadopoulos et al., Extreme Clicking, 2017). */
export class BoxTool implements Tool {
  readonly cursor = "crosshair"
  readonly hasGuides = true
  private readonly drag: DragTool
  private readonly extremes: ClicksTool

  constructor(private readonly bench: Bench) {
    this.drag = new DragTool(bench, boxFrom)
    this.extremes = new ClicksTool(bench, 4, aroundAll)
  }

  private get by(): Tool {
    return this.bench.settings.boxBy === "extremes" ? this.extremes : this.drag
  }

  get draft(): Shape | null {
    return this.by.draft
  }

  get corners(): readonly ImagePoint[] {
    return this.by.corners ?? []
  }

  down(pointer: Pointer): void {
    this.by.down(pointer)
  }

  move(pointer: Pointer): void {
    this.by.move(pointer)
  }

  up(pointer: Pointer): void {
    this.by.up(pointer)
  }

  key(name: string): boolean {
    return this.by.key(name)
  }
}

/** A shape from a number of clicks; the pointer stands for the one that comes next. */
export class ClicksTool implements Tool {
  readonly cursor = "crosshair"
  draft: Shape | null = null
  private points: ImagePoint[] = []

  constructor(
    private readonly bench: Bench,
    private readonly count: number,
    private readonly shapeOf: (points: readonly ImagePoint[]) => Shape,
  ) {}

  get corners(): readonly ImagePoint[] {
    return this.points
  }

  private inside(p: ImagePoint): ImagePoint {
    return clampTo(p, this.bench.width, this.bench.height)
  }

  down({ at }: Pointer): void {
    this.points.push(this.inside(at))
    if (this.points.length === this.count) this.finish()
    else this.show(at)
  }

  move({ at }: Pointer): void {
    if (this.points.length > 0) this.show(at)
  }

  private show(at: ImagePoint): void {
    this.draft = this.shapeOf([...this.points, this.inside(at)])
  }

  private finish(): void {
    const shape = this.shapeOf(this.points)
    this.cancel()
    if (!kindOf(shape).isTiny(shape)) this.bench.add(shape)
  }

  private cancel(): void {
    this.points = []
    this.draft = null
  }

  up(): void {}

  key(name: string): boolean {
    if (this.points.length === 0 || (name !== "Escape" && name !== "Backspace")) return false
    if (name === "Escape") this.cancel()
    else this.points.pop()
    if (this.points.length === 0) this.draft = null
    return true
  }
}

/** The plain box around points. */
const aroundAll = (points: readonly ImagePoint[]): Shape => {
  const [first = { x: 0, y: 0 }] = points
  const box = { type: "box" as const, ...rectOf(first, first), angle: 0 }
  return points.reduce((b, { x, y }) => ({ ...b, x1: Math.min(b.x1, x), y1: Math.min(b.y1, y), x2: Math.max(b.x2, x), y2: Math.max(b.y2, y) }), box)
}

/** A turned box: the first two points are the ends of one edge, the third says how far the opposite edge lies. */
export function turnedBox(points: readonly ImagePoint[]): Shape {
  const [a = { x: 0, y: 0 }, b = a, c = b] = points
  const length = distance(a, b)
  if (length === 0) return boxFrom(a, b)
  const along = { x: (b.x - a.x) / length, y: (b.y - a.y) / length }
  const far = points.length < 3 ? 0 : (c.x - a.x) * -along.y + (c.y - a.y) * along.x
  const middle = { x: (a.x + b.x) / 2 - (along.y * far) / 2, y: (a.y + b.y) / 2 + (along.x * far) / 2 }
  const half = { x: length / 2, y: Math.abs(far) / 2 }
  const angle = (Math.atan2(along.y, along.x) * 180) / Math.PI
  const box: BoxShape = { type: "box", x1: middle.x - half.x, y1: middle.y - half.y, x2: middle.x + half.x, y2: middle.y + half.y, angle }
  return { ...box, angle: Math.abs(angle) < 1e-9 ? 0 : angle }
}
