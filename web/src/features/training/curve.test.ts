import { expect, test } from "vitest"

import { scale } from "./LearningCurve"

test("the lines of the curve stand at round numbers that are what they say", () => {
  expect(scale(0.955)).toEqual({ low: 0.94, ticks: [94, 96, 98, 100] })
  expect(scale(0.62)).toEqual({ low: 0.6, ticks: [60, 70, 80, 90, 100] })
  expect(scale(0)).toEqual({ low: 0, ticks: [0, 20, 40, 60, 80, 100] })
})
