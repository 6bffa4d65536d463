/** The finer pixels of a picture: fetched where somebody looks, kept within bounds, painted over the coarser ones. */

import type { Rect } from "../geometry/points"
import type { Size, Viewport } from "../geometry/viewport"
import { lookup, paintSteps, type Display, type GreyWindow, type Steps } from "./greys"
import { levelFor, placesIn, rectOf, type Place, type Tiling } from "./tiling"

/** Where finer pixels come from: tiles of a picture, or of its values. */
export type DetailSource = { tiling: Tiling } & (
  | { display: null; load: (place: Place, signal: AbortSignal) => Promise<ImageBitmap> }
  | { display: Display; load: (place: Place, signal: AbortSignal) => Promise<Steps> }
)

interface Tile {
  place: Place
  bytes: number
  pixels: Size
  steps: Steps | null
  image: ImageBitmap | OffscreenCanvas | null
  /** With which window it was painted. */
  window: number
}

const BUDGET_BYTES = 256e6
const AT_ONCE = 6
const AGAIN_MS = 3000

const keyOf = ({ level, column, row }: Place) => `${level}/${column}_${row}`

export class Detail {
  private readonly tiles = new Map<string, Tile>()
  private readonly loading = new Map<string, AbortController>()
  private readonly failed = new Map<string, number>()
  private bytes = 0
  private table: Uint8Array | null = null
  private windowNumber = 0
  private asked: Place | null = null
  private wanted: Place[] = []
  private retry: ReturnType<typeof setTimeout> | undefined

  /** `changed` is called when there is something new to paint. */
  constructor(
    readonly source: DetailSource,
    private readonly changed: () => void,
  ) {
    const { display } = source
    const first = display?.windows[0]
    if (display && first) this.look([first.low, first.high])
  }

  /** Look at values through this window. */
  look(window: GreyWindow): void {
    if (!this.source.display) return
    this.table = lookup(this.source.display, window)
    this.windowNumber += 1
  }

  destroy(): void {
    this.wanted = []
    this.asked = null
    clearTimeout(this.retry)
    for (const request of this.loading.values()) request.abort()
    for (const tile of this.tiles.values()) this.drop(tile)
    this.tiles.clear()
  }

  /** Paints what is here of the part that is seen, coarse before fine, and asks for what is missing. */
  paint(context: CanvasRenderingContext2D, view: Viewport, seen: Rect, ratio: number): void {
    const { tiling } = this.source
    const level = levelFor(tiling, view.scale * ratio)
    const wanted = placesIn(tiling, level, seen)
    const isWhole = wanted.every((place) => this.tiles.has(keyOf(place)))
    const top = tiling.levels - 1
    context.save()
    context.setTransform(1, 0, 0, 1, 0, 0)
    for (let at = isWhole ? level : top; at >= level; at--) for (const place of placesIn(tiling, at, seen)) this.paintTile(context, place, view, seen, ratio)
    context.restore()
    // The coarsest tile comes first: it is there at once, and the server cuts the others meanwhile.
    const base = { level: top, column: 0, row: 0 }
    this.wanted = this.tiles.has(keyOf(base)) ? wanted : [base]
    this.request()
  }

  /** The numbers at a pixel of the picture, one for each channel; null until they are here. */
  valueAt(x: number, y: number): number[] | null {
    const { display, tiling } = this.source
    if (!display || x < 0 || y < 0 || x >= tiling.width || y >= tiling.height) return null
    const place = { level: 0, column: Math.floor(x / tiling.side), row: Math.floor(y / tiling.side) }
    const tile = this.tiles.get(keyOf(place))
    this.asked = place
    if (!tile?.steps) {
      this.request()
      return null
    }
    const { steps, width } = tile.steps
    const at = ((y % tiling.side) * width + (x % tiling.side)) * display.channels
    return Array.from(steps.subarray(at, at + display.channels), (step) => step * display.slope + display.intercept)
  }

  /** The coarsest tile as it is seen now: the whole picture, small; null until it is here. */
  overview(): ImageBitmap | OffscreenCanvas | null {
    const tile = this.tiles.get(keyOf({ level: this.source.tiling.levels - 1, column: 0, row: 0 }))
    return tile ? this.seen(tile) : null
  }

  /** The whole picture with every pixel, where it is one tile and here; `number` tells one look of it from another. */
  whole(): { image: ImageBitmap | OffscreenCanvas; pixels: Size; number: number } | null {
    const tile = this.source.tiling.levels === 1 ? this.tiles.get("0/0_0") : undefined
    const image = tile && this.seen(tile)
    return tile && image ? { image, pixels: tile.pixels, number: this.windowNumber } : null
  }

  private paintTile(context: CanvasRenderingContext2D, place: Place, view: Viewport, seen: Rect, ratio: number): void {
    const key = keyOf(place)
    const tile = this.tiles.get(key)
    const image = tile && this.seen(tile)
    if (!tile || !image) return
    this.tiles.delete(key)
    this.tiles.set(key, tile) // The last one to be looked at is the last one to go.
    const { tiling } = this.source
    const rect = rectOf(tiling, place)
    const step = 2 ** place.level
    // Edges between tiles fall on whole pixels of the screen, so that no line shows between them.
    const edge = (at: number, offset: number) => (tiling.levels === 1 ? (at * view.scale + offset) * ratio : Math.round((at * view.scale + offset) * ratio))
    const x = span(rect.x1, rect.x2, seen.x1, seen.x2, step, (at) => edge(at, view.x))
    const y = span(rect.y1, rect.y2, seen.y1, seen.y2, step, (at) => edge(at, view.y))
    if (x && y) context.drawImage(image, x.from, y.from, x.length, y.length, x.at, y.at, x.size, y.size)
  }

  private seen(tile: Tile): ImageBitmap | OffscreenCanvas | null {
    const { display } = this.source
    if (!tile.steps || !display || !this.table || (tile.image && tile.window === this.windowNumber)) return tile.image
    const image = tile.image instanceof OffscreenCanvas ? tile.image : new OffscreenCanvas(tile.pixels.width, tile.pixels.height)
    image.getContext("2d")?.putImageData(paintSteps(tile.steps, display.channels, this.table), 0, 0)
    tile.image = image
    tile.window = this.windowNumber
    return image
  }

  private request(): void {
    const wanted = this.asked ? [...this.wanted, this.asked] : this.wanted
    const keys = new Set(wanted.map(keyOf))
    for (const [key, request] of this.loading) if (!keys.has(key)) request.abort()
    for (const place of wanted) {
      const key = keyOf(place)
      if (this.loading.size >= AT_ONCE) return
      const isLate = performance.now() - (this.failed.get(key) ?? -AGAIN_MS) >= AGAIN_MS
      if (!this.tiles.has(key) && !this.loading.has(key) && isLate) void this.fetch(place, key)
    }
  }

  private async fetch(place: Place, key: string): Promise<void> {
    const request = new AbortController()
    this.loading.set(key, request)
    try {
      const { source } = this
      const found = await source.load(place, request.signal)
      if (request.signal.aborted) return
      const isSteps = "steps" in found
      const pixels = { width: found.width, height: found.height }
      // Values are kept beside the greys that are painted of them.
      const bytes = pixels.width * pixels.height * (isSteps ? 2 * (source.display?.channels ?? 1) + 4 : 4)
      this.tiles.set(key, { place, bytes, pixels, steps: isSteps ? found : null, image: isSteps ? null : found, window: -1 })
      this.bytes += bytes
      this.failed.delete(key)
      this.makeRoom()
      this.changed()
    } catch {
      if (!request.signal.aborted) this.missed(key)
    } finally {
      this.loading.delete(key)
      this.request()
    }
  }

  /** What could not be fetched is asked for again after a while, as long as it is looked at. */
  private missed(key: string): void {
    this.failed.set(key, performance.now())
    this.retry ??= setTimeout(() => {
      this.retry = undefined
      this.changed()
    }, AGAIN_MS)
  }

  private makeRoom(): void {
    const kept = new Set(this.wanted.map(keyOf))
    const { levels } = this.source.tiling
    for (const [key, tile] of this.tiles) {
      if (this.bytes <= BUDGET_BYTES) return
      if (kept.has(key) || tile.place.level === levels - 1) continue
      this.tiles.delete(key)
      this.bytes -= tile.bytes
      this.drop(tile)
    }
  }

  private drop({ image }: Tile): void {
    if (image instanceof ImageBitmap) image.close()
  }
}

/** Which whole pixels of a tile are seen, and where they come to lie on the screen. */
function span(from: number, to: number, seenFrom: number, seenTo: number, step: number, onScreen: (at: number) => number) {
  const [first, last] = [Math.max(0, Math.floor((seenFrom - from) / step)), Math.min((to - from) / step, Math.ceil((seenTo - from) / step))]
  if (last <= first) return null
  const [start, end] = [onScreen(from), onScreen(to)]
  const pixel = ((end - start) * step) / (to - from)
  return { from: first, length: last - first, at: start + first * pixel, size: (last - first) * pixel }
}
