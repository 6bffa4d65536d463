import { expect, test } from "vitest"

import { judge, strength } from "./judge"

test("the same share means less where chance brings much of it", () => {
  expect(judge(0.7, "classes")?.words).toBe("Good")
  expect(judge(0.7, "objects")?.words).toBe("Fair")
  expect(judge(0.1, "classes")?.words).toBe("Hardly better than chance")
  expect(judge(null, "classes")).toBeNull()
})

test("a field is the stronger the more people agree", () => {
  expect([0, 0.3, 0.65, 1].map(strength)).toEqual([0, 0, 50, 100])
})
