import { expect, test } from "vitest"

import { all, isKnown, NOTHING, pick, step, without } from "./selection"

const ids = ["a", "b", "c", "d", "e"]
const plain = { isRange: false, isToggle: false }

test("a click chooses one, Ctrl adds and takes away", () => {
  const one = pick(NOTHING, ids, 1, plain)
  expect([...one.ids]).toEqual(["b"])
  const two = pick(one, ids, 3, { isRange: false, isToggle: true })
  expect([...two.ids]).toEqual(["b", "d"])
  expect([...pick(two, ids, 1, { isRange: false, isToggle: true }).ids]).toEqual(["d"])
})

test("Shift chooses from the anchor, in either direction, and can shrink again", () => {
  const start = pick(NOTHING, ids, 2, plain)
  const down = pick(start, ids, 4, { isRange: true, isToggle: false })
  expect([...down.ids]).toEqual(["c", "d", "e"])
  const up = pick(down, ids, 1, { isRange: true, isToggle: false })
  expect([...up.ids]).toEqual(["b", "c"])
})

test("arrows move the choice and stop at the ends", () => {
  expect([...step(NOTHING, ids, 1, false).ids]).toEqual(["a"])
  expect([...step(pick(NOTHING, ids, 4, plain), ids, 3, false).ids]).toEqual(["e"])
  expect([...step(pick(NOTHING, ids, 1, plain), ids, 2, true).ids]).toEqual(["b", "c", "d"])
})

test("a range over pictures that are not loaded is known to be one", () => {
  const places = ["a", undefined, undefined, "d"]
  const start = pick(NOTHING, places, 0, plain)
  expect(isKnown(start, places, 3)).toBe(false)
  expect(isKnown(start, ["a", "b"], 1)).toBe(true)
  expect(pick(start, places, 2, plain)).toBe(start)
})

test("what goes away is no longer chosen", () => {
  expect([...without(all(ids, null), new Set(["a", "e"])).ids]).toEqual(["b", "c", "d"])
  expect(without(all(["a"], null), new Set(["a"]))).toBe(NOTHING)
})
