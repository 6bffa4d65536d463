/** The objects of one picture. A change says what each object was and is to be, so that its inverse is itself turned round. */

import type { Shape } from "../shapes"

/** Values of attributes by name: yes or no, a number, a choice or a text. */
export type Values = Readonly<Record<string, boolean | number | string>>

export interface DrawnObject {
  id: string
  class_id: string
  shape: Shape
  attributes: Values
  /** Higher lies above. */
  z: number
  /** The suggestion that it came from, if a model suggested it. */
  suggestion_id?: string
}

/** The same as an object of its own: whatever a model suggested, its copy is a person's. */
export function anew(object: DrawnObject, id: string): DrawnObject {
  const own = { ...object, id }
  delete own.suggestion_id
  return own
}

/** One object before and after; null where there is none. */
export interface Change {
  id: string
  before: DrawnObject | null
  after: DrawnObject | null
}

export function inverse(changes: readonly Change[]): Change[] {
  return changes.map(({ id, before, after }) => ({ id, before: after, after: before })).reverse()
}

export type Objects = ReadonlyMap<string, DrawnObject>

/** All that is said of one picture: the objects in it, and values of the picture as a whole. */
export interface Drawing {
  readonly objects: Objects
  readonly attributes: Values
  /** Suggestions that somebody said are wrong. */
  readonly rejected: ReadonlySet<string>
}

export const NOTHING: Drawing = { objects: new Map(), attributes: {}, rejected: new Set() }

export const drawingOf = (objects: readonly DrawnObject[], attributes: Values): Drawing => ({ ...NOTHING, objects: new Map(objects.map((object) => [object.id, object])), attributes })

/** What of a drawing the server lacks; the picture's attributes are all of them, or null where they are as they were. */
export interface Unsaved {
  put: DrawnObject[]
  delete: string[]
  attributes: Values | null
  /** Suggestions that were rejected, and those that are open again. */
  reject: string[]
  reconsider: string[]
  /** Seconds of active work on objects since they were last saved. */
  work: Record<string, number>
}

export function applied(objects: Objects, changes: readonly Change[]): Objects {
  const next = new Map(objects)
  for (const { id, after } of changes) {
    if (after) next.set(id, after)
    else next.delete(id)
  }
  return next
}

/** The change that makes `before` into `after`. */
export function changesBetween(before: Objects, after: Objects): Change[] {
  const ids = new Set([...before.keys(), ...after.keys()])
  return [...ids].map((id) => ({ id, before: before.get(id) ?? null, after: after.get(id) ?? null }))
}

const orders = new WeakMap<Objects, readonly DrawnObject[]>()

/** From below to above; worked out once for the same objects. */
export function inOrder(objects: Objects): readonly DrawnObject[] {
  const known = orders.get(objects) ?? [...objects.values()].sort((a, b) => a.z - b.z || (a.id < b.id ? -1 : 1))
  orders.set(objects, known)
  return known
}

/** What must be sent so that whoever has `saved` has `objects`. */
export function difference(saved: Objects, objects: Objects): { put: DrawnObject[]; delete: string[] } {
  const put = [...objects.values()].filter((object) => saved.get(object.id) !== object)
  return { put, delete: [...saved.keys()].filter((id) => !objects.has(id)) }
}
