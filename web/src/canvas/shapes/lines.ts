/** Shapes without an area: a line, a point, the points of a skeleton. */

import { boundsOf, distance, distanceToLine, pointsOf, traceLine } from "../geometry/points"
import type { KeypointsShape, PointShape, PolylineShape, ShapeKind } from "./types"

const GRIP = 6
const dot = (path: Path2D, x: number, y: number) => {
  path.moveTo(x + 3, y)
  path.arc(x, y, 3, 0, 2 * Math.PI)
}

export const polyline: ShapeKind<PolylineShape> = {
  bounds: (s) => boundsOf(s.points),
  hit: (s, p, slack) => {
    const points = pointsOf(s.points)
    return points.slice(1).some((b, i) => distanceToLine(p, points[i] ?? b, b) <= slack + 2)
  },
  translate: (s, dx, dy) => ({ ...s, points: s.points.map((value, i) => value + (i % 2 === 0 ? dx : dy)) }),
  handles: (s) => pointsOf(s.points).map((at) => ({ at, cursor: "move" })),
  moveHandle: (s, index, to) => ({ ...s, points: s.points.toSpliced(2 * index, 2, to.x, to.y) }),
  removeHandle: (s, index) => (s.points.length > 4 ? { ...s, points: s.points.toSpliced(2 * index, 2) } : null),
  trace: (s, path, grain) => traceLine(s.points, path, grain),
  isTiny: (s) => s.points.length < 4,
}

export const point: ShapeKind<PointShape> = {
  bounds: (s) => ({ x1: s.x, y1: s.y, x2: s.x, y2: s.y }),
  hit: (s, p, slack) => distance(s, p) <= slack + GRIP,
  translate: (s, dx, dy) => ({ ...s, x: s.x + dx, y: s.y + dy }),
  handles: (s) => [{ at: { x: s.x, y: s.y }, cursor: "move" }],
  moveHandle: (s, _index, to) => ({ ...s, x: to.x, y: to.y }),
  trace: (s, path) => dot(path, s.x, s.y),
  isTiny: () => false,
}

const labelled = (s: KeypointsShape) => s.points.filter(([, , v]) => v > 0)

export const keypoints: ShapeKind<KeypointsShape> = {
  bounds: (s) => boundsOf(labelled(s).flatMap(([x, y]) => [x, y])),
  hit: (s, p, slack) => labelled(s).some(([x, y]) => distance({ x, y }, p) <= slack + GRIP),
  translate: (s, dx, dy) => ({ ...s, points: s.points.map(([x, y, v]) => (v > 0 ? [x + dx, y + dy, v] : [x, y, v])) }),
  handles: (s) => s.points.map(([x, y, v]) => ({ at: { x, y }, cursor: "move", isAbsent: v === 0 })),
  moveHandle: (s, index, to) => ({ ...s, points: s.points.map((old, i) => (i === index ? [to.x, to.y, old[2]] : old)) }),
  // Seen becomes hidden, hidden becomes not labelled.
  removeHandle: (s, index) => {
    const points = s.points.map(([x, y, v], i): [number, number, number] => (i === index ? (v > 1 ? [x, y, 1] : [0, 0, 0]) : [x, y, v]))
    return points.some(([, , v]) => v > 0) ? { ...s, points } : null
  },
  trace: (s, path) => labelled(s).forEach(([x, y]) => dot(path, x, y)),
  isTiny: (s) => labelled(s).length === 0,
}
