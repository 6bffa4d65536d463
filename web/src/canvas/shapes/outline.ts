/** The edges of masks: as a path to be painted, and as rings of a polygon with as few corners as a tolerance allows. */

import { distanceToLine, pointsOf, traceLine, type ImagePoint } from "../geometry/points"
import { bitmapOf, type Bitmap } from "./bitmap"
import type { MaskShape } from "./types"

const paths = new WeakMap<MaskShape, Path2D>()

export function outlineOf(s: MaskShape): Path2D {
  const known = paths.get(s)
  if (known) return known
  const path = new Path2D()
  for (const ring of ringsOf(bitmapOf(s))) {
    traceLine(ring, path)
    path.closePath()
  }
  paths.set(s, path)
  return path
}

// Steps along pixel edges with what is on to the right: east, south, west, north.
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const

/**
 * Closed rings along the edges of pixels, in whole coordinates of the picture; corners only where the edge turns.
 *
 * Rings around what is on run clockwise, rings around holes the other way; pixels that touch at a corner are two rings.
 */
export function ringsOf(bitmap: Bitmap): number[][] {
  const { width, height, pixels } = bitmap
  const on = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x] === 1
  const seen = new Uint8Array((width + 1) * (height + 1))
  const rings: number[][] = []
  for (let y = 0; y <= height; y++)
    for (let x = 0; x < width; x++) {
      // Every ring has an upper edge: on below and off above (going east), once unseen, starts one.
      if (on(x, y) && !on(x, y - 1) && !seen[y * (width + 1) + x]) rings.push(follow(bitmap, on, seen, x, y))
    }
  return rings
}

function follow({ x: left, y: top, width }: Bitmap, on: (x: number, y: number) => boolean, seen: Uint8Array, x0: number, y0: number): number[] {
  const ring: number[] = []
  let [x, y, heading] = [x0, y0, 0]
  do {
    if (heading === 0) seen[y * (width + 1) + x] = 1
    ring.push(x + left, y + top)
    let goesOn = true
    while (goesOn) {
      const [dx, dy] = STEPS[heading] ?? [0, 0]
      ;[x, y] = [x + dx, y + dy]
      const turned = turnAt(on, x, y, heading)
      goesOn = turned === heading
      if (goesOn && heading === 0) seen[y * (width + 1) + x] = 1
      heading = turned
    }
  } while (x !== x0 || y !== y0 || heading !== 0)
  return ring
}

/** The heading after the corner x, y: what is on stays to the right. */
function turnAt(on: (x: number, y: number) => boolean, x: number, y: number, heading: number): number {
  const cell = ([dx, dy]: readonly [number, number]) => on(x + dx, y + dy)
  // The pixels ahead to the left and to the right of the corner, for each heading.
  const ahead = [
    [[0, -1], [0, 0]],
    [[0, 0], [-1, 0]],
    [[-1, 0], [-1, -1]],
    [[-1, -1], [0, -1]],
  ] as const
  const [left, right] = ahead[heading] ?? ahead[0]
  if (!cell(right)) return (heading + 1) % 4
  return cell(left) ? (heading + 3) % 4 : heading
}

/** Douglas and Peucker's simplification (1973) of a closed ring: no corner that is left out lies further than `tolerance` off. */
export function simplified(ring: readonly number[], tolerance: number): number[] {
  const points = pointsOf(ring)
  if (points.length <= 4 || tolerance <= 0) return [...ring]
  const half = farthest(points, points[0] ?? { x: 0, y: 0 })
  const kept = [...between(points.slice(0, half + 1), tolerance).slice(0, -1), ...between([...points.slice(half), ...points.slice(0, 1)], tolerance).slice(0, -1)]
  return kept.length < 3 ? [...ring] : kept.flatMap((p) => [p.x, p.y])
}

function farthest(points: readonly ImagePoint[], from: ImagePoint): number {
  const far = points.map((p) => (p.x - from.x) ** 2 + (p.y - from.y) ** 2)
  return far.indexOf(Math.max(...far))
}

function between(points: readonly ImagePoint[], tolerance: number): ImagePoint[] {
  const keep = new Uint8Array(points.length)
  keep[0] = keep[points.length - 1] = 1
  const waiting: [number, number][] = [[0, points.length - 1]]
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    const [from, to] = span
    const [a, b] = [points[from], points[to]]
    let [far, at] = [tolerance, -1]
    for (let i = from + 1; a && b && i < to; i++) {
      const p = points[i]
      const off = p ? distanceToLine(p, a, b) : 0
      if (off > far) [far, at] = [off, i]
    }
    if (at < 0) continue
    keep[at] = 1
    waiting.push([from, at], [at, to])
  }
  return points.filter((_, i) => keep[i])
}
