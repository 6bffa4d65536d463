/** Masks as pixels: what brushes, fills and conversions work on. Only what is being changed is ever kept in this form. */

import { clippedTo, type ImagePoint, type Rect } from "../geometry/points"
import { decode, encode } from "./rle"
import type { MaskShape } from "./types"

/** Pixels row by row, 1 where the mask is on, of a crop at x, y. */
export interface Bitmap {
  x: number
  y: number
  width: number
  height: number
  pixels: Uint8Array
}

export function bitmapOf({ x, y, width, height, counts }: MaskShape): Bitmap {
  return { x, y, width, height, pixels: decode(counts, width, height) }
}

export function emptyBitmap({ x1, y1, x2, y2 }: Rect): Bitmap {
  const [width, height] = [Math.max(0, x2 - x1), Math.max(0, y2 - y1)]
  return { x: x1, y: y1, width, height, pixels: new Uint8Array(width * height) }
}

export const frameOf = ({ x, y, width, height }: Omit<Bitmap, "pixels">): Rect => ({ x1: x, y1: y, x2: x + width, y2: y + height })

/** The same pixels in another frame of whole pixels; what lies outside it is lost. */
export function inFrame(bitmap: Bitmap, frame: Rect): Bitmap {
  const made = emptyBitmap(frame)
  const both = clippedTo(frameOf(bitmap), frame)
  for (let y = both.y1; y < both.y2; y++) {
    const from = (y - bitmap.y) * bitmap.width - bitmap.x
    made.pixels.set(bitmap.pixels.subarray(from + both.x1, from + both.x2), (y - made.y) * made.width + both.x1 - made.x)
  }
  return made
}

/** The mask of a bitmap, cut to what is on; null if nothing is. */
export function maskOf(bitmap: Bitmap): MaskShape | null {
  const { width, height, pixels } = bitmap
  const box: Rect = { x1: width, y1: height, x2: -1, y2: -1 }
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width)
    const first = row.indexOf(1)
    if (first < 0) continue
    box.x1 = Math.min(box.x1, first)
    box.x2 = Math.max(box.x2, row.lastIndexOf(1))
    box.y1 = Math.min(box.y1, y)
    box.y2 = y
  }
  if (box.x2 < 0) return null
  const at = { x1: bitmap.x + box.x1, y1: bitmap.y + box.y1, x2: bitmap.x + box.x2 + 1, y2: bitmap.y + box.y2 + 1 }
  const cut = inFrame(bitmap, at)
  return { type: "mask", x: cut.x, y: cut.y, width: cut.width, height: cut.height, counts: encode(cut.pixels, cut.width, cut.height) }
}

/** Sets every pixel whose middle is at most `radius` from the line between two points of the picture. */
export function stroke(bitmap: Bitmap, a: ImagePoint, b: ImagePoint, radius: number, value: 0 | 1): void {
  const { width, pixels } = bitmap
  const around = { x1: Math.min(a.x, b.x) - radius, y1: Math.min(a.y, b.y) - radius, x2: Math.max(a.x, b.x) + radius, y2: Math.max(a.y, b.y) + radius }
  const frame = clippedTo({ x1: Math.floor(around.x1), y1: Math.floor(around.y1), x2: Math.ceil(around.x2) + 1, y2: Math.ceil(around.y2) + 1 }, frameOf(bitmap))
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length2 = dx * dx + dy * dy
  for (let y = frame.y1; y < frame.y2; y++)
    for (let x = frame.x1; x < frame.x2; x++) {
      const [px, py] = [x + 0.5 - a.x, y + 0.5 - a.y]
      const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2))
      if ((px - t * dx) ** 2 + (py - t * dy) ** 2 <= radius * radius) pixels[(y - bitmap.y) * width + x - bitmap.x] = value
    }
}

/** The pixels whose middles lie inside closed rings, by the even-odd rule, within a frame of whole pixels. */
export function filled(rings: readonly (readonly number[])[], frame: Rect): Bitmap {
  const made = emptyBitmap(frame)
  for (let row = 0; row < made.height; row++) {
    const cuts = crossings(rings, made.y + row + 0.5)
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const from = Math.max(0, Math.ceil((cuts[i] ?? 0) - 0.5 - made.x))
      const to = Math.min(made.width, Math.ceil((cuts[i + 1] ?? 0) - 0.5 - made.x))
      if (to > from) made.pixels.fill(1, row * made.width + from, row * made.width + to)
    }
  }
  return made
}

/** Where rings cross a level line, from the left. */
function crossings(rings: readonly (readonly number[])[], level: number): number[] {
  const found: number[] = []
  for (const ring of rings)
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length
      const [ax, ay, bx, by] = [ring[i] ?? 0, ring[i + 1] ?? 0, ring[j] ?? 0, ring[j + 1] ?? 0]
      if (ay > level !== by > level) found.push(ax + ((level - ay) / (by - ay)) * (bx - ax))
    }
  return found.sort((a, b) => a - b)
}
