/** Copies of objects. */

import { kindOf } from "../shapes"
import type { DrawnObject, Objects } from "./document"

const SHIFT_PX = 12

/** Copies under new ids, each beside its original where it would lie on something just like it. */
export function copies(objects: Objects, from: readonly DrawnObject[], newId: () => string): DrawnObject[] {
  const taken = new Set([...objects.values()].map(({ shape }) => JSON.stringify(shape)))
  return from.map((object) => {
    const shape = taken.has(JSON.stringify(object.shape)) ? kindOf(object.shape).translate(object.shape, SHIFT_PX, SHIFT_PX) : object.shape
    return { ...object, id: newId(), shape }
  })
}
