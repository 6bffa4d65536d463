/** Two versions of the objects of one picture: whether they are the same, and what holds the work of both. */

import { anew, type DrawnObject, type Objects, type Values } from "./document"

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  const [left, right] = [Object.entries(a), b as Record<string, unknown>]
  return left.length === Object.keys(b).length && left.every(([name, value]) => isEqual(value, right[name]))
}

/** Whether two sets of values are the same. */
export const areEqual = (a: Values, b: Values): boolean => isEqual(a, b)

/** Whether two objects say the same. */
export const isSame = (a: DrawnObject | undefined, b: DrawnObject | undefined): boolean => isEqual(a, b)

export function areSame(a: Objects, b: Objects): boolean {
  return a.size === b.size && [...a.values()].every((object) => isSame(object, b.get(object.id)))
}

/** Both people's values of the picture: what I changed since `base` is as I left it, the rest is theirs. */
export function mergedValues(base: Values, theirs: Values, mine: Values): Values {
  const names = new Set([...Object.keys(base), ...Object.keys(mine)])
  const changed = [...names].filter((name) => base[name] !== mine[name])
  const next: Partial<Values> = Object.fromEntries(changed.map((name) => [name, mine[name]]))
  return Object.fromEntries(Object.entries({ ...theirs, ...next }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
}

export interface OwnChange {
  put: readonly DrawnObject[]
  delete: readonly string[]
}

/**
 * What holds both: `theirs`, with my change on top of it.
 *
 * Where both changed one object since `base`, theirs stays and mine lies beside it as an object of its own; what only one
 * of us touched is as that one left it; what one deleted and the other changed stays.
 */
export function merged(base: Objects, theirs: Objects, mine: OwnChange, newId: () => string): DrawnObject[] {
  const both = new Map(theirs)
  const isTheirs = (id: string) => !isSame(theirs.get(id), base.get(id))
  for (const object of mine.put) {
    if (theirs.has(object.id) && isTheirs(object.id)) {
      if (isSame(theirs.get(object.id), object)) continue
      const own = anew(object, newId())
      both.set(own.id, own)
    } else both.set(object.id, object)
  }
  for (const id of mine.delete) if (!isTheirs(id)) both.delete(id)
  return [...both.values()]
}
