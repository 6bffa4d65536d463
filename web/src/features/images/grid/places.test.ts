import { expect, test } from "vitest"

import { PAGE, pagesAround, placed } from "./places"

const page = (name: string, count = PAGE) => ({ items: Array.from({ length: count }, (_, index) => ({ id: `${name}${index}` })) })

test("a far page stands where it belongs, and what lies between is empty", () => {
  const cards = placed(new Map([[0, page("a")], [3, page("d", 40)]]), 4, 3 * PAGE + 40)
  expect(cards).toHaveLength(3 * PAGE + 40)
  expect([cards[0]?.id, cards[PAGE], cards[3 * PAGE]?.id, cards.at(-1)?.id]).toEqual(["a0", undefined, "d0", "d39"])
})

test("after some were deleted the rest moves up", () => {
  const cards = placed(new Map([[0, page("a", PAGE - 2)], [1, page("b", 9)]]), 2, PAGE + 7)
  expect(cards[PAGE - 2]?.id).toBe("b0")
  expect(cards).toHaveLength(PAGE + 7)
})

test("a picture that two pages hold is shown once", () => {
  const cards = placed(new Map([[0, page("a", 3)], [1, { items: [{ id: "a2" }, { id: "b1" }] }]]), 2, 5)
  expect(cards.map((card) => card?.id)).toEqual(["a0", "a1", "a2", undefined, "b1"])
})

test("only pages near what is looked at are wanted", () => {
  expect(pagesAround(0, 30, 120, 400)).toEqual([0])
  expect(pagesAround(240, 270, 120, 400)).toEqual([0, 1])
  expect(pagesAround(99_970, 100_000, 120, 400)).toEqual([399])
  expect(pagesAround(0, 10, 120, 0)).toEqual([])
})
