/** Finding objects by where they are. */

import type { ImagePoint } from "../geometry/points"
import { boundsOfShape, kindOf } from "../shapes"
import { inOrder, type DrawnObject, type Objects } from "./document"

/** Points and lines can be grabbed this far from where they are, in pixels of the picture. */
const GRIP_PX = 8

/** The object at a point, but none of `hidden`. Of several the smallest is meant: a larger one can be grabbed elsewhere. */
export function objectAt(objects: Objects, hidden: ReadonlySet<string>, at: ImagePoint, slack: number): string | null {
  let [found, least] = [null as string | null, Infinity]
  for (const { id, shape } of inOrder(objects)) {
    const { x1, y1, x2, y2 } = boundsOfShape(shape)
    const area = (x2 - x1) * (y2 - y1)
    const reach = slack + GRIP_PX
    if (area > least || at.x < x1 - reach || at.y < y1 - reach || at.x > x2 + reach || at.y > y2 + reach) continue
    if (!hidden.has(id) && kindOf(shape).hit(shape, at, slack)) [found, least] = [id, area]
  }
  return found
}

/** The next (1) or previous (-1) object after what is selected, from the top-left on. */
export function neighbour(objects: Objects, selection: ReadonlySet<string>, by: 1 | -1): string | null {
  const place = ({ shape }: DrawnObject) => boundsOfShape(shape)
  const all = [...objects.values()].filter(({ shape }) => !kindOf(shape).isUnseen).sort((a, b) => place(a).y1 - place(b).y1 || place(a).x1 - place(b).x1)
  const at = all.findIndex(({ id }) => selection.has(id))
  return all[(at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by + all.length) % all.length]?.id ?? null
}
