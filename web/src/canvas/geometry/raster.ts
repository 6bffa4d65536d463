/** A picture as numbers, and what of it belongs together by its colour. */

import type { ImagePoint, Rect } from "./points"
import type { Size } from "./viewport"

/** Pixels as the screen shows them, perhaps fewer than the original has. */
export interface Raster extends Size {
  /** Red, green, blue, alpha. */
  data: Uint8ClampedArray
  /** Pixels of the original for one of these. */
  step: number
}

export function rasterOf(source: CanvasImageSource, shown: Size, original: Size): Raster | null {
  const canvas = new OffscreenCanvas(shown.width, shown.height)
  const context = canvas.getContext("2d", { willReadFrequently: true })
  if (!context) return null
  context.drawImage(source, 0, 0, shown.width, shown.height)
  const { data } = context.getImageData(0, 0, shown.width, shown.height)
  return { ...shown, data, step: original.width / shown.width }
}

/**
 * The connected pixels whose colour is at most `tolerance` (0 to 255, in every channel) from that at `from`.
 *
 * Line by line, as in Heckbert's seed fill (Graphics Gems, 1990). Gives 1 for each such pixel, row by row, and the frame of them.
 */
export function alike(raster: Raster, from: ImagePoint, tolerance: number): { pixels: Uint8Array; frame: Rect } | null {
  const { width, height, data } = raster
  const [x0, y0] = [Math.floor(from.x), Math.floor(from.y)]
  if (x0 < 0 || y0 < 0 || x0 >= width || y0 >= height) return null
  const pixels = new Uint8Array(width * height)
  const seed = 4 * (y0 * width + x0)
  const fits = (k: number) => {
    if (pixels[k]) return false
    for (let c = 0; c < 3; c++) if (Math.abs((data[4 * k + c] ?? 0) - (data[seed + c] ?? 0)) > tolerance) return false
    return true
  }
  const frame = { x1: x0, y1: y0, x2: x0 + 1, y2: y0 + 1 }
  const waiting = [y0 * width + x0]
  for (let k = waiting.pop(); k !== undefined; k = waiting.pop()) {
    if (!fits(k)) continue
    const y = Math.floor(k / width)
    let [left, right] = [k, k]
    while (left > y * width && fits(left - 1)) left--
    while (right < (y + 1) * width - 1 && fits(right + 1)) right++
    pixels.fill(1, left, right + 1)
    frame.x1 = Math.min(frame.x1, left - y * width)
    frame.x2 = Math.max(frame.x2, right - y * width + 1)
    frame.y1 = Math.min(frame.y1, y)
    frame.y2 = Math.max(frame.y2, y + 1)
    for (const row of [y - 1, y + 1]) {
      if (row < 0 || row >= height) continue
      for (let x = left - y * width; x <= right - y * width; x++) {
        const next = row * width + x
        if (fits(next) && (x === left - y * width || !fits(next - 1))) waiting.push(next)
      }
    }
  }
  return { pixels, frame }
}
