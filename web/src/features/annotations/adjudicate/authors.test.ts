import { expect, test } from "vitest"

import { idsOf, looksOf, nextOf, overlaid, type Opinion } from "./authors"

const object = (id: string) => ({ id, class_id: "bun", shape: { type: "box", x1: 0, y1: 0, x2: 1, y2: 1, angle: 0 }, attributes: {}, z: 0 })
const opinion = (...ids: string[]) => ({ objects: ids.map(object) }) as unknown as Opinion

test("two people who drew the same object have one each, in a colour of their own, under the name of its class", () => {
  const both = [opinion("a"), opinion("a", "b")]
  const found = overlaid(both)
  expect(new Set(found.map(({ id }) => id)).size).toBe(3)
  expect(idsOf(both, 1)).toEqual(found.slice(1).map(({ id }) => id))
  const looks = looksOf({ colorOf: () => "", labelOf: (id) => `the class ${id}`, edgesOf: () => [] })
  const [first, second] = found.map(({ class_id }) => class_id)
  expect(looks.colorOf(first ?? "")).not.toBe(looks.colorOf(second ?? ""))
  expect(looks.labelOf(first ?? "")).toBe("the class bun")
})

test("after a picture comes the next that nobody has decided, and behind the last the first again", () => {
  const ids = ["a", "b", "c"]
  expect(nextOf(ids, "a", new Set())).toBe("b")
  expect(nextOf(ids, "a", new Set(["b"]))).toBe("c")
  expect(nextOf(ids, "c", new Set(["c"]))).toBe("a")
  expect(nextOf(ids, "c", new Set(["a", "b", "c"]))).toBeNull()
  expect(nextOf(ids, null, new Set())).toBe("a")
  expect(nextOf(ids, "elsewhere", new Set(["a"]))).toBe("b")
})
