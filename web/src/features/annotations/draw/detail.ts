/** The finer pixels of a picture from the server: all at once, in tiles, or as values. */

import { fetchPicture, fullUrl, tileUrl, valuesUrl } from "../../../api/images"
import { oneTile, tilingOf, type DetailSource, type Place } from "../../../canvas"
import type { ImageCard } from "../queries"

/** What the server sends in one piece, and what a browser holds in one. */
const LARGEST_PIXELS = 50e6
const LARGEST_PX = 8192

const fitsWhole = ({ width, height, display }: ImageCard) => !display && width * height <= LARGEST_PIXELS && Math.max(width, height) <= LARGEST_PX

/** Colours as they are in the file, like those of the small copy and those that models see. */
const bitmap = async (url: string, signal: AbortSignal) => createImageBitmap(await (await fetchPicture(url, signal)).blob(), { colorSpaceConversion: "none", premultiplyAlpha: "none" })

export function detailOf(image: ImageCard): DetailSource {
  const { id, display } = image
  if (fitsWhole(image)) return { tiling: oneTile(image), display: null, load: (_, signal) => bitmap(fullUrl(id), signal) }
  const tiling = tilingOf(image)
  if (!display) return { tiling, display: null, load: (place, signal) => bitmap(tileUrl(id, place), signal) }
  const side = (whole: number, at: number, level: number) => Math.min(tiling.side, Math.ceil(whole / 2 ** level) - at * tiling.side)
  const load = async (place: Place, signal: AbortSignal) => ({
    steps: new Uint16Array(await (await fetchPicture(valuesUrl(id, place), signal)).arrayBuffer()),
    width: side(image.width, place.column, place.level),
    height: side(image.height, place.row, place.level),
  })
  return { tiling, display, load }
}

/** Lets the server cut a large picture before anybody opens it. */
export function warm(image: ImageCard): void {
  if (fitsWhole(image)) return
  const place = { level: tilingOf(image).levels - 1, column: 0, row: 0 }
  void fetchPicture(image.display ? valuesUrl(image.id, place) : tileUrl(image.id, place)).catch(() => undefined)
}
