import { kindOf, type Shape } from "../shapes"
import { pathOf } from "./paths"

/** Thin, dashed and hardly filled: nobody takes it for something that is drawn. */
export function paintSuggested(context: CanvasRenderingContext2D, { shape, color }: { shape: Shape; color: string }, scale: number, isActive: boolean): void {
  const path = pathOf(shape, scale)
  context.save()
  context.setLineDash([5 / scale, 4 / scale])
  context.globalAlpha = isActive ? 0.75 : 0.5
  kindOf(shape).paint?.(shape, context, color, true)
  context.globalAlpha = isActive ? 0.28 : 0.04
  context.fillStyle = color
  context.fill(path, "evenodd")
  context.globalAlpha = 1
  context.lineWidth = (isActive ? 4.5 : 3) / scale
  context.strokeStyle = isActive ? "rgba(255,255,255,.95)" : "rgba(255,255,255,.45)"
  context.stroke(path)
  context.lineWidth = (isActive ? 2.2 : 1.2) / scale
  context.strokeStyle = color
  context.stroke(path)
  context.restore()
}

/** Dotted and not filled, on a light line: what was there before. */
export function paintBefore(context: CanvasRenderingContext2D, { shape, color }: { shape: Shape; color: string }, scale: number): void {
  const path = pathOf(shape, scale)
  context.save()
  context.globalAlpha = 0.4
  kindOf(shape).paint?.(shape, context, color, false)
  context.globalAlpha = 1
  context.lineCap = "round"
  context.lineWidth = 3.4 / scale
  context.strokeStyle = "rgba(255,255,255,.7)"
  context.stroke(path)
  context.setLineDash([0.1 / scale, 4 / scale])
  context.lineWidth = 2.4 / scale
  context.strokeStyle = color
  context.stroke(path)
  context.restore()
}
