/** Copies of objects. */

import type { Size } from "../geometry/viewport"
import { boundsOfShape, kindOf, type Shape } from "../shapes"
import { anew, type DrawnObject, type Objects } from "./document"
import { withoutDoubles } from "./whole"

const SHIFT_PX = 12

/**
 * Copies under new ids, each beside its original where it would lie on something just like it; no class of the whole picture twice.
 *
 * What came from a larger picture is moved in from the edge; the server cuts what is larger than this one.
 */
export function copies(objects: Objects, from: readonly DrawnObject[], newId: () => string, picture: Size): DrawnObject[] {
  const taken = new Set([...objects.values()].map(({ shape }) => JSON.stringify(shape)))
  return withoutDoubles(objects, from).map((object) => {
    const shape = taken.has(JSON.stringify(object.shape)) ? kindOf(object.shape).translate(object.shape, SHIFT_PX, SHIFT_PX) : object.shape
    return { ...anew(object, newId()), shape: within(shape, picture) }
  })
}

/** The same shape, moved so far that it lies in the picture, or from its left and upper edge on. */
function within(shape: Shape, { width, height }: Size): Shape {
  const { x1, y1, x2, y2 } = boundsOfShape(shape)
  const [dx, dy] = [Math.max(-x1, Math.min(0, width - x2)), Math.max(-y1, Math.min(0, height - y2))]
  return dx === 0 && dy === 0 ? shape : kindOf(shape).translate(shape, dx, dy)
}
