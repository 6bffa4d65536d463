import { boundsOf, turn, turnedTo, type ImagePoint } from "../geometry/points"
import type { EllipseShape, ShapeKind } from "./types"

const middleOf = (s: EllipseShape): ImagePoint => ({ x: s.cx, y: s.cy })

/** Points on its edge. */
export function around(s: EllipseShape, count = 48): ImagePoint[] {
  return Array.from({ length: count }, (_, i) => {
    const t = (2 * Math.PI * i) / count
    return turn({ x: s.cx + s.rx * Math.cos(t), y: s.cy + s.ry * Math.sin(t) }, middleOf(s), s.angle)
  })
}

export const ellipse: ShapeKind<EllipseShape> = {
  bounds: (s) => boundsOf(around(s).flatMap((p) => [p.x, p.y])),
  hit: (s, p, slack) => {
    const local = turn(p, middleOf(s), -s.angle)
    return ((local.x - s.cx) / (s.rx + slack)) ** 2 + ((local.y - s.cy) / (s.ry + slack)) ** 2 <= 1
  },
  translate: (s, dx, dy) => ({ ...s, cx: s.cx + dx, cy: s.cy + dy }),
  handles: (s) => {
    const ends = [
      { x: s.cx + s.rx, y: s.cy },
      { x: s.cx, y: s.cy + s.ry },
      { x: s.cx - s.rx, y: s.cy },
      { x: s.cx, y: s.cy - s.ry },
    ]
    const turner = { at: turn({ x: s.cx, y: s.cy - s.ry - Math.max(12, s.ry * 0.3) }, middleOf(s), s.angle), cursor: "grab", isExtra: true }
    return [...ends.map((p, i) => ({ at: turn(p, middleOf(s), s.angle), cursor: i % 2 === 0 ? "ew-resize" : "ns-resize" })), turner]
  },
  moveHandle: (s, index, to) => {
    if (index === 4) return { ...s, angle: turnedTo(middleOf(s), to) }
    const local = turn(to, middleOf(s), -s.angle)
    return index % 2 === 0 ? { ...s, rx: Math.max(1, Math.abs(local.x - s.cx)) } : { ...s, ry: Math.max(1, Math.abs(local.y - s.cy)) }
  },
  trace: (s, path) => {
    const angle = (s.angle * Math.PI) / 180
    path.moveTo(s.cx + s.rx * Math.cos(angle), s.cy + s.rx * Math.sin(angle))
    path.ellipse(s.cx, s.cy, s.rx, s.ry, angle, 0, 2 * Math.PI)
  },
  isTiny: (s) => s.rx < 1 || s.ry < 1,
}
