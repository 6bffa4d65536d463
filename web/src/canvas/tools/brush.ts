import { around, clippedTo, type ImagePoint, type Rect } from "../geometry/points"
import type { Shape } from "../shapes"
import { bitmapOf, emptyBitmap, frameOf, inFrame, maskOf, stroke } from "../shapes/bitmap"
import type { MaskShape } from "../shapes/types"
import type { Bench, Pointer, Stroke, Tool } from "./tool"

/**
 * Paints a mask: on to the selected one if there is one, otherwise a new one. The eraser takes away from the selected, or
 * from the one that it is put on.
 *
 * In a picture with layers it paints on to the mask of the current class, and erases whatever lies under it.
 */
export class BrushTool implements Tool {
  readonly cursor = "none"
  readonly draft = null
  stroke: Stroke | null = null
  private points: ImagePoint[] = []
  /** The eraser is pressed, but there was no mask under it yet. */
  private isSeeking = false
  private target: { id: string; shape: MaskShape } | null = null

  constructor(
    private readonly bench: Bench,
    private readonly isErasing: boolean,
  ) {}

  down({ at, alt }: Pointer): void {
    this.target = alt || this.bench.isLayered ? null : (selectedMask(this.bench) ?? (this.isErasing ? this.maskAt(at) : null))
    this.isSeeking = this.target === null && this.isErasing && !this.bench.isLayered
    if (!this.isSeeking) this.begin(at)
  }

  private begin(at: ImagePoint): void {
    this.isSeeking = false
    this.points = [at]
    this.stroke = { points: this.points, radius: this.bench.settings.brushRadius, isErasing: this.isErasing }
  }

  /** The mask under the eraser, which is selected by that. */
  private maskAt(at: ImagePoint): { id: string; shape: MaskShape } | null {
    const id = this.bench.objectAt(at, 0)
    if (id !== null && this.bench.objects.get(id)?.shape.type === "mask") this.bench.select([id])
    return selectedMask(this.bench)
  }

  move({ at }: Pointer): void {
    if (this.stroke) this.points.push(at)
    else if (this.isSeeking && (this.target = this.maskAt(at))) this.begin(at)
  }

  up(): void {
    const { stroke: done, target } = this
    this.cancel()
    if (!done) return
    const { isLayered } = this.bench
    const shape = withStroke(target?.shape ?? null, isLayered ? { ...done, isErasing: false } : done, this.bench)
    if (isLayered && this.isErasing && shape) this.bench.erase(shape)
    else put(this.bench, target?.id ?? null, shape)
  }

  private cancel(): void {
    this.stroke = this.target = null
    this.isSeeking = false
    this.points = []
  }

  key(name: string): boolean {
    if (name !== "Escape" || !this.stroke) return false
    this.cancel()
    return true
  }
}

/** The one mask that is selected and may be changed. */
export function selectedMask(bench: Bench): { id: string; shape: MaskShape } | null {
  const [id] = bench.selection
  const shape = id === undefined || bench.selection.size !== 1 ? undefined : bench.objects.get(id)?.shape
  return id !== undefined && shape?.type === "mask" && !bench.isLocked(id) ? { id, shape } : null
}

/** Add a shape, or give it to the object that it changes; an object of which nothing is left goes. */
export function put(bench: Bench, id: string | null, shape: Shape | null): void {
  if (id === null && shape) bench.add(shape)
  else if (id !== null && shape) bench.reshape(new Map([[id, shape]]))
  else if (id !== null) bench.remove([id])
}

function withStroke(shape: MaskShape | null, { points, radius, isErasing }: Stroke, bench: Bench): MaskShape | null {
  const whole: Rect = { x1: 0, y1: 0, x2: bench.width, y2: bench.height }
  const frames = points.map(({ x, y }) => ({ x1: Math.floor(x - radius), y1: Math.floor(y - radius), x2: Math.ceil(x + radius) + 1, y2: Math.ceil(y + radius) + 1 }))
  const painted = frames.reduce(around)
  const frame = clippedTo(shape ? (isErasing ? frameOf(shape) : around(painted, frameOf(shape))) : painted, whole)
  const bitmap = shape ? inFrame(bitmapOf(shape), frame) : emptyBitmap(frame)
  points.forEach((p, i) => stroke(bitmap, points[i - 1] ?? p, p, radius, isErasing ? 0 : 1))
  return maskOf(bitmap)
}
