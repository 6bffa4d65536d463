/** One form of a shape from another. */

import type { Rect } from "../geometry/points"
import { bitmapOf, filled, maskOf } from "./bitmap"
import { corners } from "./box"
import { around } from "./ellipse"
import { ringsOf, simplified } from "./outline"
import type { Shape } from "./types"
import { boundsOfShape } from "."

export type Form = "mask" | "polygon" | "box"

/** The rings of what has an area; none for what has not. */
function outlinesOf(shape: Shape): number[][] {
  if (shape.type === "polygon") return shape.rings
  if (shape.type === "box") return [corners(shape).flatMap((p) => [p.x, p.y])]
  if (shape.type === "ellipse") return [around(shape).flatMap((p) => [p.x, p.y])]
  return shape.type === "mask" ? ringsOf(bitmapOf(shape)) : []
}

/** `shape` as another form; null where it has that form already or cannot have it. `inPicture` cuts a frame to the picture. */
export function converted(shape: Shape, to: Form, tolerance: number, inPicture: (bounds: Rect) => Rect): Shape | null {
  if (shape.type === to) return null
  const rings = outlinesOf(shape)
  if (rings.length === 0) return null
  if (to === "box") return { type: "box", ...boundsOfShape(shape), angle: 0 }
  if (to === "polygon") return { type: "polygon", rings: shape.type === "mask" ? rings.map((ring) => simplified(ring, tolerance)) : rings }
  const { x1, y1, x2, y2 } = boundsOfShape(shape)
  return maskOf(filled(rings, inPicture({ x1: Math.floor(x1), y1: Math.floor(y1), x2: Math.ceil(x2), y2: Math.ceil(y2) })))
}
