/** Every kind of shape by name: nothing outside this folder asks which kind a shape is. */

import { box } from "./box"
import { ellipse } from "./ellipse"
import { keypoints, point, polyline } from "./lines"
import { mask } from "./mask"
import { polygon } from "./polygon"
import type { Shape, ShapeKind } from "./types"

const KINDS = { box, polygon, ellipse, mask, keypoints, polyline, point }

export function kindOf(shape: Shape): ShapeKind<Shape> {
  return KINDS[shape.type] as unknown as ShapeKind<Shape>
}

export type { Shape, ShapeKind } from "./types"
