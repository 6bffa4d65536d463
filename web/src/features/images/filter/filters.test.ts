import { expect, test } from "vitest"

import { isFiltered, parseSearch, toggled, toServer } from "./filters"

const ID = "0190b8a0-0000-7000-8000-000000000001"

test("an address is read, and nonsense in it is left out", () => {
  const search = parseSearch({ class: [ID, "x"], answer: "none", split: ["test", "moon"], twins: "yes", name: 12, min: 0.5, max: 9, sort: "-score", image: "no" })
  expect(search).toEqual({ class: [ID], answer: ["none"], split: ["test"], name: "12", min: 0.5, sort: "-score" })
})

test("an empty address filters nothing", () => {
  expect(isFiltered(parseSearch({}))).toBe(false)
  expect(Object.values(toServer({})).every((value) => value === undefined)).toBe(true)
})

test("a value goes in and out of a list, and an empty list disappears", () => {
  expect(toggled(undefined, "a")).toEqual(["a"])
  expect(toggled(["a", "b"], "a")).toEqual(["b"])
  expect(toggled(["a"], "a")).toBeUndefined()
})
