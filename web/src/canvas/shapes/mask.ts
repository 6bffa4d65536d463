import { frameOf } from "./bitmap"
import { outlineOf } from "./outline"
import { isOn, stretches, toEnds } from "./rle"
import type { MaskShape, ShapeKind } from "./types"

const known = new WeakMap<MaskShape, Uint32Array>()

function endsOf(s: MaskShape): Uint32Array {
  const ends = known.get(s) ?? toEnds(s.counts)
  known.set(s, ends)
  return ends
}

interface Picture {
  color: string
  /** Pixels of the mask for one of this picture. */
  step: number
  canvas: OffscreenCanvas
}

/** Pixels of pictures of masks that are kept; the one looked at longest ago goes first. Four bytes each. */
const MOST_PIXELS = 24_000_000
const pictures = new Map<MaskShape, Picture>()
let keptPixels = 0

function forget(s: MaskShape): void {
  const old = pictures.get(s)
  if (!old) return
  pictures.delete(s)
  keptPixels -= old.canvas.width * old.canvas.height
}

function pictureOf(s: MaskShape, color: string, step: number): Picture {
  const old = pictures.get(s)
  if (old?.color === color && old.step === step) {
    pictures.delete(s)
    pictures.set(s, old)
    return old
  }
  forget(s)
  const made = { color, step, canvas: painted(s, color, step) }
  pictures.set(s, made)
  keptPixels += made.canvas.width * made.canvas.height
  for (const other of pictures.keys()) {
    if (keptPixels <= MOST_PIXELS || other === s) break
    forget(other)
  }
  return made
}

function painted(s: MaskShape, color: string, step: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.ceil(s.width / step), Math.ceil(s.height / step))
  const context = canvas.getContext("2d")
  if (!context) return canvas
  const data = context.createImageData(canvas.width, canvas.height)
  const words = new Uint32Array(data.data.buffer)
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16))
  const word = ((110 << 24) | ((b ?? 0) << 16) | ((g ?? 0) << 8) | (r ?? 0)) >>> 0
  stretches(endsOf(s), s.height, (x, from, to) => {
    if (x % step !== 0) return
    for (let y = Math.ceil(from / step); y * step < to; y++) words[y * canvas.width + x / step] = word
  })
  context.putImageData(data, 0, 0)
  return canvas
}

/** How many pixels of a mask one of the screen shows, as a power of two. */
function stepAt(context: CanvasRenderingContext2D): number {
  const scale = context.getTransform().a
  return scale >= 1 ? 1 : 2 ** Math.floor(Math.log2(1 / scale))
}

export const mask: ShapeKind<MaskShape> = {
  bounds: (s) => frameOf(s),
  hit: (s, p) => {
    const [x, y] = [Math.floor(p.x - s.x), Math.floor(p.y - s.y)]
    return x >= 0 && y >= 0 && x < s.width && y < s.height && isOn(endsOf(s), x * s.height + y)
  },
  translate: (s, dx, dy) => ({ ...s, x: Math.round(s.x + dx), y: Math.round(s.y + dy) }),
  handles: () => [],
  moveHandle: (s) => s,
  trace: () => undefined,
  paint: (s, context, color, isActive) => {
    const { canvas, step } = pictureOf(s, color, stepAt(context))
    context.imageSmoothingEnabled = step > 1
    context.drawImage(canvas, s.x, s.y, canvas.width * step, canvas.height * step)
    if (!isActive) return
    context.strokeStyle = color
    context.lineWidth = 1.6 / context.getTransform().a
    context.stroke(outlineOf(s))
  },
  isTiny: (s) => s.width < 1 || s.height < 1,
}
