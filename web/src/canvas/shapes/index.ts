/** Every kind of shape by name: nothing outside this folder asks which kind a shape is. */

import type { Rect } from "../geometry/points"
import { box } from "./box"
import { ellipse } from "./ellipse"
import { keypoints, point, polyline } from "./lines"
import { mask } from "./mask"
import { polygon } from "./polygon"
import type { Handle, Shape, ShapeKind } from "./types"
import { whole } from "./whole"

const KINDS = { box, polygon, ellipse, mask, keypoints, polyline, point, whole }

export function kindOf(shape: Shape): ShapeKind<Shape> {
  return KINDS[shape.type] as unknown as ShapeKind<Shape>
}

const ROOM_PX = 24

/** The handles that are seen and can be grabbed where `pixel` pixels of the picture are one of the screen, with their places. */
export function handlesOf(shape: Shape, pixel: number): (Handle & { index: number })[] {
  const all = kindOf(shape).handles(shape).map((handle, index) => ({ ...handle, index }))
  return all.filter(({ isAbsent, room }) => !isAbsent && (room === undefined || room >= ROOM_PX * pixel))
}

const bounds = new WeakMap<Shape, Rect>()

/** The smallest rectangle around a shape; it is worked out once. */
export function boundsOfShape(shape: Shape): Rect {
  const known = bounds.get(shape) ?? kindOf(shape).bounds(shape)
  bounds.set(shape, known)
  return known
}

export type { Shape, ShapeKind } from "./types"
