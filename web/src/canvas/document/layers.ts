/**
 * Pictures in which every pixel has at most one class: one mask a class, and none lies on another.
 *
 * Whoever paints takes the pixels from the classes that had them. What is locked keeps its own, painted over or erased.
 */

import { clippedTo, overlap, type Rect } from "../geometry/points"
import { boundsOfShape, type Shape } from "../shapes"
import { converted } from "../shapes/convert"
import { maskOfSpans, sizeOf, spansOf, together, without, type Spans } from "../shapes/spans"
import type { MaskShape } from "../shapes/types"
import { anew, inOrder, type DrawnObject, type Objects } from "./document"

export interface Layering {
  isLocked: (id: string) => boolean
  width: number
  height: number
}

/** What a shape covers, as pixels of the picture; null for points and lines. */
function maskIn(shape: Shape, { width, height }: Layering): MaskShape | null {
  if (shape.type === "mask") return shape
  const frame: Rect = { x1: 0, y1: 0, x2: width, y2: height }
  const made = converted(shape, "mask", 0, (bounds) => clippedTo(bounds, frame))
  return made?.type === "mask" ? made : null
}

/** Takes pixels from every object that `gives`; of one that has none left, nothing stays. */
function taken(objects: Objects, pixels: Spans, how: Layering, gives: (object: DrawnObject) => boolean): Objects {
  const around = maskOfSpans(pixels)
  if (!around) return objects
  const next = new Map(objects)
  for (const object of objects.values()) {
    if (!gives(object) || !overlap(boundsOfShape(object.shape), boundsOfShape(around))) continue
    const mask = maskIn(object.shape, how)
    if (!mask) continue
    const rest = without(spansOf(mask), pixels)
    if (sizeOf(rest) === sizeOf(spansOf(mask))) continue
    const shape = maskOfSpans(rest)
    if (shape) next.set(object.id, { ...object, shape })
    else next.delete(object.id)
  }
  return next
}

/** Pixels that nobody locked. */
function free(objects: Objects, pixels: Spans, how: Layering): Spans {
  let left = pixels
  for (const { id, shape } of objects.values()) {
    const mask = how.isLocked(id) ? maskIn(shape, how) : null
    if (mask) left = without(left, spansOf(mask))
  }
  return left
}

/** `made` painted on to the mask of its class, or as its first; null where it covers no pixels, as points and lines do. */
export function painted(objects: Objects, made: DrawnObject, how: Layering): Objects | null {
  const mask = maskIn(made.shape, how)
  if (!mask) return null
  const pixels = free(objects, spansOf(mask), how)
  const target = inOrder(objects).findLast(({ id, class_id, shape }) => class_id === made.class_id && shape.type === "mask" && !how.isLocked(id))
  const shape = maskOfSpans(target?.shape.type === "mask" ? together(spansOf(target.shape), pixels) : pixels)
  if (pixels.length === 0 || !shape) return objects
  const next = new Map(taken(objects, pixels, how, ({ id }) => id !== target?.id && !how.isLocked(id)))
  const own = target ?? made
  return next.set(own.id, { ...own, shape })
}

/** Copies under new ids, each painted on to the mask of its class. */
export function pasted(objects: Objects, from: readonly DrawnObject[], newId: () => string, how: Layering): Objects {
  return from.reduce<Objects>((next, object) => {
    const made = anew(object, newId())
    return painted(next, made, how) ?? new Map(next).set(made.id, made)
  }, objects)
}

/** The mask that a class has. */
export function layerOf(objects: Objects, classId: string): MaskShape | null {
  const own = [...objects.values()].flatMap(({ class_id, shape }) => (class_id === classId && shape.type === "mask" ? [shape] : []))
  return own[0] ?? null
}

/** What lies under `shape` is nobody's any more. */
export function erased(objects: Objects, shape: Shape, how: Layering): Objects {
  const mask = maskIn(shape, how)
  return mask ? taken(objects, spansOf(mask), how, ({ id }) => !how.isLocked(id)) : objects
}

/** These objects given to a class, each painted on to what that class has already. */
export function recast(objects: Objects, ids: Iterable<string>, classId: string, how: Layering): Objects {
  let next = objects
  for (const id of ids) {
    const object = next.get(id)
    if (!object || object.class_id === classId || how.isLocked(id)) continue
    const rest = new Map(next)
    rest.delete(id)
    const changed = { ...object, class_id: classId }
    next = painted(rest, changed, how) ?? rest.set(id, changed)
  }
  return next
}

/** Objects in new shapes, which take their pixels from all others. */
export function reshaped(objects: Objects, shapes: ReadonlyMap<string, Shape>, how: Layering): Objects {
  let next = objects
  for (const [id, shape] of shapes) {
    const object = next.get(id)
    if (!object || how.isLocked(id)) continue
    const mask = maskIn(shape, how)
    const pixels = mask ? free(objects, spansOf(mask), how) : []
    const others = taken(next, pixels, how, (other) => other.id !== id && !how.isLocked(other.id))
    const own = mask && sizeOf(pixels) < sizeOf(spansOf(mask)) ? maskOfSpans(pixels) : shape
    next = own ? new Map(others).set(id, { ...object, shape: own }) : others
  }
  return next
}
