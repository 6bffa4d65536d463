import { describe, expect, it } from "vitest"

import type { DrawnObject, Objects } from "./document"
import { areSame, merged, mergedValues } from "./merge"

const object = (id: string, x: number): DrawnObject => ({ id, class_id: "bun", shape: { type: "point", x, y: 0 }, attributes: {}, z: 0 })
const map = (...objects: DrawnObject[]): Objects => new Map(objects.map((entry) => [entry.id, entry]))
const BASE = map(object("a", 1), object("b", 2), object("c", 3))
const newId = () => "new"
const said = (objects: readonly DrawnObject[]) => objects.map(({ id, shape }) => `${id}${shape.type === "point" ? shape.x : ""}`).sort()

describe("two drawings of one picture", () => {
  it("are the same where they say the same, whoever made the objects", () => {
    expect(areSame(BASE, map(object("c", 3), object("a", 1), object("b", 2)))).toBe(true)
    expect(areSame(BASE, map(object("a", 1), object("b", 2)))).toBe(false)
    expect(areSame(BASE, map(object("a", 1), object("b", 2), object("c", 4)))).toBe(false)
  })
  it("together hold what each of them changed, made and deleted", () => {
    const theirs = map(object("a", 10), object("c", 3), object("d", 4))
    const mine = { put: [object("c", 30), object("e", 5)], delete: [] }
    expect(said(merged(BASE, theirs, mine, newId))).toEqual(["a10", "c30", "d4", "e5"])
    expect(said(merged(BASE, BASE, { put: [], delete: ["a"] }, newId))).toEqual(["b2", "c3"])
  })
  it("lose nothing where both changed one object", () => {
    expect(said(merged(BASE, map(object("a", 10), object("b", 2), object("c", 3)), { put: [object("a", 11)], delete: [] }, newId))).toEqual(["a10", "b2", "c3", "new11"])
  })
  it("do not double what both changed alike", () => {
    expect(said(merged(BASE, map(object("a", 10)), { put: [object("a", 10)], delete: [] }, newId))).toEqual(["a10"])
  })
  it("keep what one changed and the other deleted", () => {
    expect(said(merged(BASE, map(object("a", 10), object("b", 2), object("c", 3)), { put: [], delete: ["a"] }, newId))).toContain("a10")
    expect(said(merged(BASE, map(object("b", 2), object("c", 3)), { put: [object("a", 11)], delete: [] }, newId))).toContain("a11")
  })
  it("hold of the picture what I changed, and theirs for the rest", () => {
    expect(mergedValues({ a: 1, b: 1, c: 1 }, { a: 2, b: 1, d: 4 }, { a: 1, b: 3, c: 1, e: 5 })).toEqual({ a: 2, b: 3, d: 4, e: 5 })
    expect(mergedValues({ a: 1 }, { a: 1 }, {})).toEqual({})
  })
  it("both stand whole where nobody knows what they began with", () => {
    expect(said(merged(map(), map(object("a", 1)), { put: [object("a", 7), object("b", 2)], delete: [] }, newId))).toEqual(["a1", "b2", "new7"])
  })
})
