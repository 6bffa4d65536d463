import { expect, test } from "vitest"

import { Past } from "./past"

const at = (image_id: string, revision: number) => ({ image_id, revision })

test("a step before one that was taken back is taken back at the revision that says the same", () => {
  const past = new Past()
  past.tookBack([at("a", 3)], [at("a", 4)])
  expect(past.nowAt(at("a", 2))).toBe(4)
  expect(past.nowAt(at("b", 2))).toBe(2)
  past.tookBack([at("a", 2)], [at("a", 5)])
  expect(past.nowAt(at("a", 1))).toBe(5)
})

test("a step under one that still stands is not moved", () => {
  const past = new Past()
  past.tookBack([at("a", 4)], [at("a", 5)])
  expect(past.nowAt(at("a", 2))).toBe(2)
})
