/** What shows how the tool in hand works: strokes on their way, handles, clicked points, the brush. */

import type { ImagePoint } from "../geometry/points"
import { handlesOf, type Shape } from "../shapes"
import type { Mark, Stroke } from "../tools/tool"

/** A stroke on its way: a thick line of the brush's colour, or one that wipes what is selected. */
export function paintStroke(context: CanvasRenderingContext2D, { points, radius, isErasing, color }: Stroke & { color: string }): void {
  context.save()
  context.globalCompositeOperation = isErasing ? "destination-out" : "source-over"
  context.globalAlpha = isErasing ? 1 : 110 / 255
  context.strokeStyle = color
  context.lineWidth = 2 * radius
  context.lineCap = context.lineJoin = "round"
  context.beginPath()
  points.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
  if (points.length === 1 && points[0]) context.lineTo(points[0].x, points[0].y)
  context.stroke()
  context.restore()
}

export function paintHandles(context: CanvasRenderingContext2D, shape: Shape, scale: number): void {
  context.lineWidth = 1 / scale
  context.strokeStyle = "#28241f"
  for (const { at, isExtra } of handlesOf(shape, 1 / scale)) {
    const radius = (isExtra ? 3 : 4.5) / scale
    context.fillStyle = isExtra ? "rgba(255,255,255,.65)" : "#fffdf9"
    context.beginPath()
    if (isExtra) context.arc(at.x, at.y, radius, 0, 2 * Math.PI)
    else context.rect(at.x - radius, at.y - radius, 2 * radius, 2 * radius)
    context.fill()
    context.stroke()
  }
}

/** Points that were clicked; the first is larger, as clicking it ends the shape. */
export function paintCorners(context: CanvasRenderingContext2D, corners: readonly ImagePoint[], scale: number): void {
  context.lineWidth = 1 / scale
  context.strokeStyle = "#28241f"
  context.fillStyle = "#fffdf9"
  corners.forEach(({ x, y }, i) => {
    context.beginPath()
    context.arc(x, y, (i === 0 ? 5 : 3) / scale, 0, 2 * Math.PI)
    context.fill()
    context.stroke()
  })
}

export function paintBrush(context: CanvasRenderingContext2D, brush: { x: number; y: number; radius: number }, scale: number): void {
  for (const [color, width] of [
    ["rgba(0,0,0,.8)", 2.5],
    ["#fff", 1],
  ] as const) {
    context.beginPath()
    context.arc(brush.x, brush.y, brush.radius, 0, 2 * Math.PI)
    context.strokeStyle = color
    context.lineWidth = width / scale
    context.stroke()
  }
}

/** Clicks: a plus on what belongs to the thing, a minus on what does not. */
export function paintMarks(context: CanvasRenderingContext2D, marks: readonly Mark[], scale: number): void {
  for (const { at, isPositive } of marks) {
    context.beginPath()
    context.arc(at.x, at.y, 6.5 / scale, 0, 2 * Math.PI)
    context.fillStyle = isPositive ? "#2f7d4f" : "#b3402f"
    context.fill()
    context.strokeStyle = "#fffdf9"
    context.lineWidth = 1.6 / scale
    context.stroke()
    context.beginPath()
    context.moveTo(at.x - 3 / scale, at.y)
    context.lineTo(at.x + 3 / scale, at.y)
    if (isPositive) {
      context.moveTo(at.x, at.y - 3 / scale)
      context.lineTo(at.x, at.y + 3 / scale)
    }
    context.stroke()
  }
}
