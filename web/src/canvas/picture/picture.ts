/** The picture on the surface: a small copy that is there at once, and its finer pixels or values once somebody looks closer. */

import { rasterOf, type Raster } from "../geometry/raster"
import type { Rect } from "../geometry/points"
import type { Size, Viewport } from "../geometry/viewport"
import { Detail, type DetailSource } from "./detail"
import { automatic, type Display, type GreyWindow } from "./greys"

/** What is shown of a picture: its source may have fewer pixels than the original. */
export interface Shown {
  source: CanvasImageSource
  /** Of the source. */
  pixels: Size
  /** Of the upright original. */
  size: Size
  /** Where its finer pixels or values come from. */
  detail?: DetailSource
}

/** Below this the screen shows pixels as they are, above it as squares. */
const SQUARES_FROM = 4
/** Tools that look at colours see every pixel of pictures up to this size, and of larger ones the small copy. */
const MOST_PIXELS = 16e6

export class Picture {
  private readonly detail: Detail | null
  private raster: { of: string; raster: Raster | null } | null = null

  constructor(
    readonly shown: Shown,
    changed: () => void,
  ) {
    this.detail = shown.detail ? new Detail(shown.detail, changed) : null
  }

  destroy(): void {
    this.detail?.destroy()
  }

  get display(): Display | null {
    return this.detail?.source.display ?? null
  }

  /** `view` scales the context to pixels of the picture already; `seen` is the part of the picture's plane on screen. */
  paint(context: CanvasRenderingContext2D, view: Viewport, seen: Rect, ratio: number): void {
    const { source, size, pixels } = this.shown
    context.imageSmoothingEnabled = view.scale < SQUARES_FROM
    context.imageSmoothingQuality = "low"
    context.drawImage(source, 0, 0, size.width, size.height)
    const isCoarse = view.scale * ratio > (pixels.width / size.width) * 1.02
    if (this.detail && (isCoarse || this.display)) this.detail.paint(context, view, seen, ratio)
  }

  /** Small copy of the whole picture, as it is seen now. */
  get overview(): CanvasImageSource {
    return (this.display && this.detail?.overview()) || this.shown.source
  }

  look(window: GreyWindow | null): void {
    const own = this.ownWindow
    this.detail?.look(window ?? own)
  }

  /** What is seen without anybody's choice. */
  get ownWindow(): GreyWindow {
    const first = this.display?.windows[0]
    return first ? [first.low, first.high] : [0, 255]
  }

  /** What shows most: all but the outermost values. */
  get autoWindow(): GreyWindow {
    const found = this.display?.windows.find(({ name }) => name === "auto")
    if (found) return [found.low, found.high]
    const raster = this.pixels()
    return raster ? automatic(raster.data) : [0, 255]
  }

  valueAt(x: number, y: number): number[] | null {
    return this.detail?.valueAt(x, y) ?? null
  }

  pixels(): Raster | null {
    const { size } = this.shown
    const whole = size.width * size.height <= MOST_PIXELS ? this.detail?.whole() : null
    const { source, pixels } = whole ? { source: whole.image, pixels: whole.pixels } : this.shown
    const of = `${whole ? whole.number : "small"}`
    if (this.raster?.of !== of) this.raster = { of, raster: rasterOf(source, pixels, size) }
    return this.raster.raster
  }
}
