/** A picture in tiles: which level and which tiles a view needs, and where they lie. */

import { overlap, type Rect } from "../geometry/points"
import type { Size } from "../geometry/viewport"

/** Level 0 has every pixel of the upright picture; each level has half the width and height of the one before, rounded up. */
export interface Tiling extends Size {
  /** Of a tile, in its own pixels; less at the right and lower edge. */
  side: number
  levels: number
}

export interface Place {
  level: number
  column: number
  row: number
}

const SIDE = 512

/** How the server cuts a picture. */
export function tilingOf({ width, height }: Size, side = SIDE): Tiling {
  let levels = 1
  while (Math.ceil(Math.max(width, height) / 2 ** (levels - 1)) > side) levels += 1
  return { width, height, side, levels }
}

/** The whole picture as one tile. */
export const oneTile = ({ width, height }: Size): Tiling => ({ width, height, side: Math.max(width, height), levels: 1 })

/** The coarsest level that still has a pixel for every one of the screen; `scale` is screen pixels for one of the picture. */
export function levelFor({ levels }: Tiling, scale: number): number {
  return Math.min(Math.max(Math.floor(Math.log2(1 / scale) + 1e-6), 0), levels - 1)
}

/** The part of the picture that a tile shows. */
export function rectOf({ width, height, side }: Tiling, { level, column, row }: Place): Rect {
  const step = side * 2 ** level
  return { x1: column * step, y1: row * step, x2: Math.min((column + 1) * step, width), y2: Math.min((row + 1) * step, height) }
}

/** The tiles of a level that show some of `seen`, from its middle outwards. */
export function placesIn(tiling: Tiling, level: number, seen: Rect): Place[] {
  if (!overlap(seen, { x1: 0, y1: 0, x2: tiling.width, y2: tiling.height })) return []
  const step = tiling.side * 2 ** level
  const range = (from: number, to: number, most: number) => [Math.max(0, Math.floor(from / step)), Math.min(Math.ceil(most / step), Math.ceil(to / step))] as const
  const [[left, right], [top, bottom]] = [range(seen.x1, seen.x2, tiling.width), range(seen.y1, seen.y2, tiling.height)]
  const found: Place[] = []
  for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) found.push({ level, column, row })
  const [x, y] = [(seen.x1 + seen.x2) / 2 / step - 0.5, (seen.y1 + seen.y2) / 2 / step - 0.5]
  const far = ({ column, row }: Place) => Math.hypot(column - x, row - y)
  return found.sort((a, b) => far(a) - far(b))
}
