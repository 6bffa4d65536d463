import { around, clippedTo, insideRings, type ImagePoint, type Rect } from "../geometry/points"
import { alike, type Raster } from "../geometry/raster"
import { bitmapOf, emptyBitmap, filled, frameOf, inFrame, maskOf, type Bitmap } from "../shapes/bitmap"
import { ringsOf } from "../shapes/outline"
import type { MaskShape } from "../shapes/types"
import { put, selectedMask } from "./brush"
import type { Bench, Pointer, Tool } from "./tool"

/** One click: closes the hole of the selected mask that was clicked, or takes what has the colour that was clicked. */
export class FillTool implements Tool {
  readonly cursor = "cell"
  readonly draft = null

  constructor(private readonly bench: Bench) {}

  down({ at, alt }: Pointer): void {
    const target = alt || this.bench.isLayered ? null : selectedMask(this.bench)
    const whole = alt ? null : (target?.shape ?? this.bench.layer)
    const shape = (whole && withoutHole(whole, at)) ?? this.coloured(target?.shape ?? null, at)
    if (shape) put(this.bench, target?.id ?? null, shape)
  }

  private coloured(shape: MaskShape | null, at: ImagePoint): MaskShape | null {
    const raster = this.bench.pixels()
    const found = raster && region(raster, at, this.bench)
    if (!found) return null
    return maskOf(shape ? union(bitmapOf(shape), found) : found)
  }

  move(): void {}
  up(): void {}
  key(): boolean {
    return false
  }
}

/** The mask with the hole around `at` closed; null if there is none. */
function withoutHole(shape: MaskShape, at: ImagePoint): MaskShape | null {
  const bitmap = bitmapOf(shape)
  const frame = frameOf(shape)
  const [x, y] = [Math.floor(at.x) - shape.x, Math.floor(at.y) - shape.y]
  if (bitmap.pixels[y * bitmap.width + x] === 1) return null
  const middle = { x: Math.floor(at.x) + 0.5, y: Math.floor(at.y) + 0.5 }
  const holes = ringsOf(bitmap).filter((ring) => isHole(ring) && insideRings([ring], middle))
  return holes.length === 0 ? null : maskOf(union(bitmap, filled(holes, frame)))
}

/** Rings around holes run against the clock, and so have an area below zero. */
function isHole(ring: readonly number[]): boolean {
  let twice = 0
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length
    twice += (ring[i] ?? 0) * (ring[j + 1] ?? 0) - (ring[j] ?? 0) * (ring[i + 1] ?? 0)
  }
  return twice < 0
}

function union(a: Bitmap, b: Bitmap): Bitmap {
  const made = inFrame(a, around(frameOf(a), frameOf(b)))
  for (let y = 0; y < b.height; y++)
    for (let x = 0; x < b.width; x++) if (b.pixels[y * b.width + x]) made.pixels[(y + b.y - made.y) * made.width + x + b.x - made.x] = 1
  return made
}

/** What is alike around `at`, in whole pixels of the original. */
function region(raster: Raster, at: ImagePoint, bench: Bench): Bitmap | null {
  const { step } = raster
  const found = alike(raster, { x: at.x / step, y: at.y / step }, bench.settings.fillTolerance)
  if (!found) return null
  const whole: Rect = { x1: 0, y1: 0, x2: bench.width, y2: bench.height }
  const { x1, y1, x2, y2 } = found.frame
  const made = emptyBitmap(clippedTo({ x1: Math.floor(x1 * step), y1: Math.floor(y1 * step), x2: Math.ceil(x2 * step), y2: Math.ceil(y2 * step) }, whole))
  for (let y = 0; y < made.height; y++) {
    const row = Math.min(raster.height - 1, Math.floor((y + made.y + 0.5) / step)) * raster.width
    for (let x = 0; x < made.width; x++) made.pixels[y * made.width + x] = found.pixels[row + Math.min(raster.width - 1, Math.floor((x + made.x + 0.5) / step))] ?? 0
  }
  return made
}
