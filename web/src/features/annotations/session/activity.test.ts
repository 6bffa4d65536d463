import { describe, expect, it } from "vitest"

import { Activity } from "./activity"

describe("seconds of active work", () => {
  it("are those between signs of life; a long pause is none", () => {
    let now = 0
    const activity = new Activity(() => now)
    const target = new EventTarget()
    const stop = activity.watch(target)
    const [object, picture] = [activity.lap(), activity.lap()]
    const move = (at: number) => {
      now = at
      target.dispatchEvent(new Event("pointermove"))
    }
    move(2000)
    move(5000)
    now = 5500
    expect(object()).toBe(5.5)
    now = 3_600_000 // an hour at lunch
    target.dispatchEvent(new Event("keydown"))
    move(3_601_250)
    expect([object(), picture()]).toEqual([1.25, 6.75])
    stop()
    now = 3_603_000
    target.dispatchEvent(new Event("wheel"))
    expect(object()).toBe(1.75)
  })
})
