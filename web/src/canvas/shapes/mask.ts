import type { Rect } from "../geometry/points"
import { decode, encode } from "./rle"
import type { MaskShape, ShapeKind } from "./types"

/** Pixels row by row, 1 where the mask is on, of a crop at x, y. */
export interface Bitmap {
  x: number
  y: number
  width: number
  height: number
  pixels: Uint8Array
}

const bitmaps = new WeakMap<MaskShape, Bitmap>()
const pictures = new WeakMap<MaskShape, { color: string; canvas: OffscreenCanvas }>()

export function bitmapOf(s: MaskShape): Bitmap {
  const known = bitmaps.get(s)
  if (known) return known
  const { x, y, width, height } = s
  const made = { x, y, width, height, pixels: decode(s.counts, width, height) }
  bitmaps.set(s, made)
  return made
}

/** The mask of a bitmap, cut to what is on; null if nothing is. */
export function maskOf(bitmap: Bitmap): MaskShape | null {
  const { width, height, pixels } = bitmap
  const box: Rect = { x1: width, y1: height, x2: -1, y2: -1 }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (pixels[y * width + x]) {
        box.x1 = Math.min(box.x1, x)
        box.x2 = Math.max(box.x2, x)
        box.y1 = Math.min(box.y1, y)
        box.y2 = Math.max(box.y2, y)
      }
  if (box.x2 < 0) return null
  const [w, h] = [box.x2 - box.x1 + 1, box.y2 - box.y1 + 1]
  const cut = new Uint8Array(w * h)
  for (let y = 0; y < h; y++) cut.set(pixels.subarray((y + box.y1) * width + box.x1, (y + box.y1) * width + box.x1 + w), y * w)
  const shape: MaskShape = { type: "mask", x: bitmap.x + box.x1, y: bitmap.y + box.y1, width: w, height: h, counts: encode(cut, w, h) }
  bitmaps.set(shape, { x: shape.x, y: shape.y, width: w, height: h, pixels: cut })
  return shape
}

/** The bitmap in a larger frame, so that there is room to paint. */
export function inFrame(bitmap: Bitmap | null, width: number, height: number): Bitmap {
  const pixels = new Uint8Array(width * height)
  if (bitmap) for (let y = 0; y < bitmap.height; y++) pixels.set(bitmap.pixels.subarray(y * bitmap.width, (y + 1) * bitmap.width), (y + bitmap.y) * width + bitmap.x)
  return { x: 0, y: 0, width, height, pixels }
}

/** Sets every pixel whose middle is at most `radius` from the line between two points. */
export function stroke(bitmap: Bitmap, a: { x: number; y: number }, b: { x: number; y: number }, radius: number, value: 0 | 1): void {
  const { width, height, pixels } = bitmap
  const [x1, x2] = [Math.max(0, Math.floor(Math.min(a.x, b.x) - radius)), Math.min(width - 1, Math.ceil(Math.max(a.x, b.x) + radius))]
  const [y1, y2] = [Math.max(0, Math.floor(Math.min(a.y, b.y) - radius)), Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + radius))]
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length2 = dx * dx + dy * dy
  for (let y = y1; y <= y2; y++)
    for (let x = x1; x <= x2; x++) {
      const [px, py] = [x + 0.5 - a.x, y + 0.5 - a.y]
      const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2))
      if ((px - t * dx) ** 2 + (py - t * dy) ** 2 <= radius * radius) pixels[y * width + x] = value
    }
}

function pictureOf(s: MaskShape, color: string): OffscreenCanvas {
  const known = pictures.get(s)
  if (known?.color === color) return known.canvas
  const canvas = new OffscreenCanvas(s.width, s.height)
  const context = canvas.getContext("2d")
  if (context) {
    const data = context.createImageData(s.width, s.height)
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16))
    bitmapOf(s).pixels.forEach((value, i) => {
      if (value) data.data.set([r ?? 0, g ?? 0, b ?? 0, 110], 4 * i)
    })
    context.putImageData(data, 0, 0)
  }
  pictures.set(s, { color, canvas })
  return canvas
}

export const mask: ShapeKind<MaskShape> = {
  bounds: (s) => ({ x1: s.x, y1: s.y, x2: s.x + s.width, y2: s.y + s.height }),
  hit: (s, p) => {
    const [x, y] = [Math.floor(p.x - s.x), Math.floor(p.y - s.y)]
    return x >= 0 && y >= 0 && x < s.width && y < s.height && bitmapOf(s).pixels[y * s.width + x] === 1
  },
  translate: (s, dx, dy) => ({ ...s, x: Math.round(s.x + dx), y: Math.round(s.y + dy) }),
  handles: () => [],
  moveHandle: (s) => s,
  trace: () => undefined,
  paint: (s, context, color) => {
    context.imageSmoothingEnabled = false
    context.drawImage(pictureOf(s, color), s.x, s.y)
  },
  isTiny: (s) => s.width < 1 || s.height < 1,
}
