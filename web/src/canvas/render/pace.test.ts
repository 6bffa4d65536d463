import { expect, it, vi } from "vitest"

import { Pace } from "./pace"

it("A4: paints every frame as long as that is quick, and seldom where it is not", () => {
  vi.useFakeTimers()
  const settle = vi.fn()
  const pace = new Pace(settle)
  expect(pace.hasTime(0)).toBe(true)
  pace.note(0, 16)
  expect(pace.hasTime(16)).toBe(true)
  for (const at of [100, 300]) pace.note(at, at + 60)
  const painted = Array.from({ length: 60 }, (_, i) => 360 + 16 * i).filter((now) => {
    const isPainted = pace.hasTime(now)
    if (isPainted) pace.note(now, now + 60)
    return isPainted
  })
  expect(painted.length).toBeLessThan(4)
  expect(settle).not.toHaveBeenCalled()
  vi.advanceTimersByTime(200)
  expect(settle).toHaveBeenCalledOnce()
  vi.useRealTimers()
})

it("forgives one slow frame", () => {
  const pace = new Pace(() => undefined)
  pace.note(0, 500)
  expect(pace.hasTime(510)).toBe(true)
})
