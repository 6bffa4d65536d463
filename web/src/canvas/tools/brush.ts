import { bitmapOf, inFrame, maskOf, stroke, type Bitmap } from "../shapes/mask"
import type { ImagePoint } from "../geometry/points"
import type { Shape } from "../shapes"
import type { Bench, Pointer, Tool } from "./tool"

/** Paints a mask: on to the selected one if there is one, otherwise a new one. The eraser takes away from the selected. */
export class BrushTool implements Tool {
  readonly cursor = "none"
  draft: Shape | null = null
  private bitmap: Bitmap | null = null
  private target: string | null = null
  private last: ImagePoint | null = null

  constructor(
    private readonly bench: Bench,
    private readonly value: 0 | 1,
  ) {}

  down({ at, alt }: Pointer): void {
    const [id] = this.bench.selection
    const shape = id === undefined ? undefined : this.bench.objects.get(id)?.shape
    this.target = shape?.type === "mask" && id !== undefined && !this.bench.isLocked(id) && !alt ? id : null
    if (this.target === null && this.value === 0) return
    const old = this.target !== null && shape?.type === "mask" ? bitmapOf(shape) : null
    this.bitmap = inFrame(old, this.bench.width, this.bench.height)
    this.last = at
    this.paint(at)
  }

  move({ at }: Pointer): void {
    if (this.bitmap) this.paint(at)
  }

  private paint(at: ImagePoint): void {
    if (!this.bitmap || !this.last) return
    stroke(this.bitmap, this.last, at, this.bench.brushRadius, this.value)
    this.last = at
    const shape = maskOf(this.bitmap)
    if (this.target !== null && shape) this.bench.preview(new Map([[this.target, shape]]))
    else this.draft = shape
  }

  up(): void {
    if (!this.bitmap) return
    const shape = maskOf(this.bitmap)
    const target = this.target
    this.cancel()
    if (target === null && shape) this.bench.add(shape)
    else if (target !== null && shape) this.bench.reshape(new Map([[target, shape]]))
    else if (target !== null) this.bench.remove([target])
  }

  private cancel(): void {
    this.bitmap = this.draft = this.last = this.target = null
    this.bench.preview(new Map())
  }

  key(name: string): boolean {
    if (name !== "Escape" || !this.bitmap) return false
    this.cancel()
    return true
  }
}
