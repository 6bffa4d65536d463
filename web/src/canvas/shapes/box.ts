import { boundsOf, inside, turn, turnedTo, type ImagePoint } from "../geometry/points"
import type { BoxShape, ShapeKind } from "./types"

const middleOf = (s: BoxShape): ImagePoint => ({ x: (s.x1 + s.x2) / 2, y: (s.y1 + s.y2) / 2 })

/** The four corners, clockwise from the top-left one of the box before it was turned. */
export function corners(s: BoxShape): ImagePoint[] {
  const middle = middleOf(s)
  const plain = [
    { x: s.x1, y: s.y1 },
    { x: s.x2, y: s.y1 },
    { x: s.x2, y: s.y2 },
    { x: s.x1, y: s.y2 },
  ]
  return plain.map((p) => turn(p, middle, s.angle))
}

// Which edges a handle moves: corners, then the middles of edges, clockwise from the top-left.
const MOVES = [
  { x: "x1", y: "y1" },
  { y: "y1" },
  { x: "x2", y: "y1" },
  { x: "x2" },
  { x: "x2", y: "y2" },
  { y: "y2" },
  { x: "x1", y: "y2" },
  { x: "x1" },
] as const
const CURSORS = ["nwse-resize", "ns-resize", "nesw-resize", "ew-resize"]
const TURNS = MOVES.length

function placeOf(s: BoxShape, move: { x?: "x1" | "x2"; y?: "y1" | "y2" }): ImagePoint {
  const middle = middleOf(s)
  return { x: move.x ? s[move.x] : middle.x, y: move.y ? s[move.y] : middle.y }
}

/** Keeps the corner that is not dragged where it is on the picture, also when the box is turned. */
function resized(s: BoxShape, index: number, to: ImagePoint): BoxShape {
  const move: { x?: "x1" | "x2"; y?: "y1" | "y2" } = MOVES[index] ?? {}
  const middle = middleOf(s)
  const local = turn(to, middle, -s.angle)
  const next = { ...s }
  if (move.x) next[move.x] = local.x
  if (move.y) next[move.y] = local.y
  const opposite: ImagePoint = { x: move.x === "x1" ? s.x2 : s.x1, y: move.y === "y1" ? s.y2 : s.y1 }
  const before = turn(opposite, middle, s.angle)
  const after = turn(opposite, middleOf(next), s.angle)
  return ordered(box.translate(next, before.x - after.x, before.y - after.y))
}

function ordered(s: BoxShape): BoxShape {
  return { ...s, x1: Math.min(s.x1, s.x2), x2: Math.max(s.x1, s.x2), y1: Math.min(s.y1, s.y2), y2: Math.max(s.y1, s.y2) }
}

export const box: ShapeKind<BoxShape> = {
  bounds: (s) => (s.angle === 0 ? { x1: s.x1, y1: s.y1, x2: s.x2, y2: s.y2 } : boundsOf(corners(s).flatMap((p) => [p.x, p.y]))),
  hit: (s, p, slack) => inside(s, turn(p, middleOf(s), -s.angle), slack),
  translate: (s, dx, dy) => ({ ...s, x1: s.x1 + dx, x2: s.x2 + dx, y1: s.y1 + dy, y2: s.y2 + dy }),
  handles: (s) => {
    const middle = middleOf(s)
    const edges = MOVES.map((move, index) => ({ at: turn(placeOf(s, move), middle, s.angle), cursor: CURSORS[index % 4] ?? "move" }))
    const lift = Math.max(12, (s.y2 - s.y1) * 0.15)
    return [...edges, { at: turn({ x: middle.x, y: s.y1 - lift }, middle, s.angle), cursor: "grab", isExtra: true }]
  },
  moveHandle: (s, index, to) => {
    if (index !== TURNS) return resized(s, index, to)
    return { ...s, angle: turnedTo(middleOf(s), to) }
  },
  trace: (s, path) => {
    corners(s).forEach((p, i) => (i === 0 ? path.moveTo(p.x, p.y) : path.lineTo(p.x, p.y)))
    path.closePath()
  },
  isTiny: (s) => s.x2 - s.x1 < 2 || s.y2 - s.y1 < 2,
}
