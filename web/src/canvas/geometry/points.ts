/** Points of the picture and points of the screen are different types; only the viewport turns one into the other. */

declare const space: unique symbol

/** Pixels of the upright picture, origin top-left. */
export interface ImagePoint {
  readonly x: number
  readonly y: number
  readonly [space]?: "image"
}

/** Pixels of the page, relative to the canvas. */
export interface ScreenPoint {
  readonly x: number
  readonly y: number
  readonly [space]?: "screen"
}

export interface Rect {
  x1: number
  y1: number
  x2: number
  y2: number
}

export function rectOf(a: ImagePoint, b: ImagePoint): Rect {
  return { x1: Math.min(a.x, b.x), y1: Math.min(a.y, b.y), x2: Math.max(a.x, b.x), y2: Math.max(a.y, b.y) }
}

/** The smallest rectangle around flat coordinates x, y, x, y, … */
export function boundsOf(flat: readonly number[]): Rect {
  const found = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity }
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [x, y] = [flat[i] ?? 0, flat[i + 1] ?? 0]
    found.x1 = Math.min(found.x1, x)
    found.y1 = Math.min(found.y1, y)
    found.x2 = Math.max(found.x2, x)
    found.y2 = Math.max(found.y2, y)
  }
  return found
}

export function inside(rect: Rect, p: ImagePoint, slack = 0): boolean {
  return p.x >= rect.x1 - slack && p.x <= rect.x2 + slack && p.y >= rect.y1 - slack && p.y <= rect.y2 + slack
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x1 <= b.x2 && b.x1 <= a.x2 && a.y1 <= b.y2 && b.y1 <= a.y2
}

/** The part of `rect` within `frame`; without any, one of no size. */
export function clippedTo(rect: Rect, frame: Rect): Rect {
  const [x1, y1] = [Math.max(rect.x1, frame.x1), Math.max(rect.y1, frame.y1)]
  return { x1, y1, x2: Math.max(x1, Math.min(rect.x2, frame.x2)), y2: Math.max(y1, Math.min(rect.y2, frame.y2)) }
}

/** The smallest rectangle around both. */
export function around(a: Rect, b: Rect): Rect {
  return { x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1), x2: Math.max(a.x2, b.x2), y2: Math.max(a.y2, b.y2) }
}

export function clampTo(p: ImagePoint, width: number, height: number): ImagePoint {
  return { x: Math.min(Math.max(p.x, 0), width), y: Math.min(Math.max(p.y, 0), height) }
}

/** `p` turned by `degrees` clockwise about `middle`. */
export function turn(p: ImagePoint, middle: ImagePoint, degrees: number): ImagePoint {
  if (degrees === 0) return p
  const angle = (degrees * Math.PI) / 180
  const [dx, dy, cos, sin] = [p.x - middle.x, p.y - middle.y, Math.cos(angle), Math.sin(angle)]
  return { x: middle.x + dx * cos - dy * sin, y: middle.y + dx * sin + dy * cos }
}

const UPRIGHT_DEG = 2

/** How far, in degrees from -180 to 180, something about `middle` is turned whose top points to `to`; almost upright is upright. */
export function turnedTo(middle: ImagePoint, to: ImagePoint): number {
  const angle = (Math.atan2(to.y - middle.y, to.x - middle.x) * 180) / Math.PI + 90
  const turned = ((angle + 540) % 360) - 180
  return Math.abs(turned) < UPRIGHT_DEG ? 0 : turned
}

export function distance(a: ImagePoint, b: ImagePoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** How far `p` is from the line between `a` and `b`. */
export function distanceToLine(p: ImagePoint, a: ImagePoint, b: ImagePoint): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length2 = dx * dx + dy * dy
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2))
  return distance(p, { x: a.x + t * dx, y: a.y + t * dy })
}

/** The points of flat coordinates. */
export function pointsOf(flat: readonly number[]): ImagePoint[] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => ({ x: flat[2 * i] ?? 0, y: flat[2 * i + 1] ?? 0 }))
}

/** Adds a line through flat coordinates to a path; points closer than `grain` to the one before are left out, but not the last. */
export function traceLine(flat: readonly number[], path: Path2D, grain = 0): void {
  let [lastX, lastY] = [Infinity, Infinity]
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [x, y] = [flat[i] ?? 0, flat[i + 1] ?? 0]
    if (i === 0) path.moveTo(x, y)
    else if (i + 3 > flat.length || Math.abs(x - lastX) >= grain || Math.abs(y - lastY) >= grain) path.lineTo(x, y)
    else continue
    ;[lastX, lastY] = [x, y]
  }
}

/** Whether `p` lies inside closed rings, by the even-odd rule. */
export function insideRings(rings: readonly (readonly number[])[], p: ImagePoint): boolean {
  let isInside = false
  for (const ring of rings) {
    const points = pointsOf(ring)
    points.forEach((a, i) => {
      const b = points[(i + 1) % points.length] ?? a
      if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) isInside = !isInside
    })
  }
  return isInside
}
