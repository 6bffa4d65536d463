/** Classes of the picture as a whole: each is an object without a place, and there is at most one of a class. */

import { kindOf } from "../shapes"
import type { DrawnObject, Objects } from "./document"

export const isUnseen = ({ shape }: DrawnObject): boolean => kindOf(shape).isUnseen === true

/** The objects that give the whole picture this class. */
export function wholeOf(objects: Objects, classId: string): DrawnObject[] {
  return [...objects.values()].filter((object) => isUnseen(object) && object.class_id === classId)
}

/** `from` without what the picture as a whole has already. */
export function withoutDoubles(objects: Objects, from: readonly DrawnObject[]): DrawnObject[] {
  return from.filter((object) => !isUnseen(object) || wholeOf(objects, object.class_id).length === 0)
}
