import { boundsOf, distance, distanceToLine, insideRings, pointsOf, traceLine, type ImagePoint } from "../geometry/points"
import type { Handle, PolygonShape, ShapeKind } from "./types"

interface Corner {
  ring: number
  index: number
}

/** Every corner, then the middle of every edge, in the order of their handles. */
function places(s: PolygonShape): Corner[] {
  return s.rings.flatMap((flat, ring) => pointsOf(flat).map((_, index) => ({ ring, index })))
}

function at(s: PolygonShape, { ring, index }: Corner): ImagePoint {
  const flat = s.rings[ring] ?? []
  return { x: flat[2 * index] ?? 0, y: flat[2 * index + 1] ?? 0 }
}

function next(s: PolygonShape, { ring, index }: Corner): Corner {
  return { ring, index: (index + 1) % ((s.rings[ring]?.length ?? 2) / 2) }
}

function withRing(s: PolygonShape, ring: number, flat: number[]): PolygonShape {
  return { ...s, rings: s.rings.map((old, i) => (i === ring ? flat : old)) }
}

export const polygon: ShapeKind<PolygonShape> = {
  bounds: (s) => boundsOf(s.rings.flat()),
  hit: (s, p, slack) =>
    insideRings(s.rings, p) || places(s).some((corner) => distanceToLine(p, at(s, corner), at(s, next(s, corner))) <= slack),
  translate: (s, dx, dy) => ({ ...s, rings: s.rings.map((flat) => flat.map((value, i) => value + (i % 2 === 0 ? dx : dy))) }),
  handles: (s) => {
    const corners = places(s)
    const middles = corners.map((corner): Handle => {
      const [a, b] = [at(s, corner), at(s, next(s, corner))]
      return { at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, cursor: "copy", isExtra: true, room: distance(a, b) }
    })
    return [...corners.map((corner): Handle => ({ at: at(s, corner), cursor: "move" })), ...middles]
  },
  moveHandle: (s, index, to) => {
    const corner = places(s)[index]
    if (!corner) return s
    const flat = [...(s.rings[corner.ring] ?? [])]
    flat.splice(2 * corner.index, 2, to.x, to.y)
    return withRing(s, corner.ring, flat)
  },
  grab: (s, index) => {
    const corners = places(s)
    const corner = corners[index - corners.length]
    if (!corner) return { shape: s, index }
    const [a, b] = [at(s, corner), at(s, next(s, corner))]
    const flat = [...(s.rings[corner.ring] ?? [])]
    flat.splice(2 * corner.index + 2, 0, (a.x + b.x) / 2, (a.y + b.y) / 2)
    return { shape: withRing(s, corner.ring, flat), index: index - corners.length + 1 }
  },
  removeHandle: (s, index) => {
    const corner = places(s)[index]
    const flat = corner && s.rings[corner.ring]
    if (!corner || !flat) return null
    if (flat.length > 6) return withRing(s, corner.ring, flat.toSpliced(2 * corner.index, 2))
    return s.rings.length > 1 ? { ...s, rings: s.rings.toSpliced(corner.ring, 1) } : null
  },
  trace: (s, path, grain) => {
    for (const flat of s.rings) {
      traceLine(flat, path, grain)
      path.closePath()
    }
  },
  isTiny: (s) => {
    const { x1, y1, x2, y2 } = boundsOf(s.rings[0] ?? [])
    return (s.rings[0]?.length ?? 0) < 6 || x2 - x1 < 2 || y2 - y1 < 2
  },
}
