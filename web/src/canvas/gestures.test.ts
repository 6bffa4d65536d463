import { describe, expect, it } from "vitest"

import { Board } from "./board"
import { Camera } from "./camera"
import { Pinch } from "./pinch"
import type { BoxShape } from "./shapes/types"
import { zoomOf } from "./wheel"

const BOX: BoxShape = { type: "box", x1: 10, y1: 20, x2: 50, y2: 60, angle: 0 }

function board(): Board {
  let count = 0
  const nothing = () => undefined
  const made = new Board({ changed: nothing, previewed: nothing, newId: () => `o${(count += 1)}`, jointCountOf: () => 0, pixels: () => null })
  made.load({ width: 200, height: 100 }, [])
  made.setClass("bun")
  return made
}
const classes = (of: Board) => [...of.objects.values()].map(({ class_id }) => class_id)

function camera(): Camera {
  const made = new Camera(() => undefined)
  made.resize({ width: 400, height: 400 })
  made.show({ width: 200, height: 200 })
  return made
}

describe("a digit", () => {
  it("A28: is meant for what comes next right after drawing, and for what was selected by hand", () => {
    const desk = board()
    desk.add(BOX)
    desk.setClass("roll")
    desk.add({ ...BOX, x1: 5 })
    expect(classes(desk)).toEqual(["bun", "roll"])
    desk.settle()
    desk.setClass("plum")
    expect(classes(desk)).toEqual(["bun", "plum"])
    desk.select(["o1"])
    desk.setClass("leaf")
    expect(classes(desk)).toEqual(["leaf", "plum"])
  })
})

describe("what is pasted", () => {
  it("stays in the picture", () => {
    const desk = board()
    desk.add({ ...BOX, x1: 170, x2: 199, y1: 70, y2: 99 })
    desk.duplicate()
    expect([...desk.objects.values()].at(-1)?.shape).toMatchObject({ x1: 171, x2: 200, y1: 71, y2: 100 })
    desk.paste([{ id: "far", class_id: "bun", shape: { ...BOX, x1: 900, x2: 950 }, attributes: {}, z: 0 }])
    expect([...desk.objects.values()].at(-1)?.shape).toMatchObject({ x1: 150, x2: 200 })
  })
})

describe("hiding all others", () => {
  it("goes back to showing everything", () => {
    const desk = board()
    for (let i = 0; i < 3; i++) desk.add(BOX)
    desk.hideOthers()
    expect([...desk.hidden]).toEqual(["o1", "o2"])
    desk.hideOthers()
    expect(desk.hidden.size).toBe(0)
  })
})

describe("two fingers", () => {
  it("keep what lies under them under them", () => {
    const eye = camera()
    const pinch = new Pinch(eye)
    const [a, b] = [eye.view.toImage({ x: 150, y: 200 }), eye.view.toImage({ x: 250, y: 200 })]
    expect(pinch.down(1, { x: 150, y: 200 })).toBe(false)
    expect(pinch.down(2, { x: 250, y: 200 })).toBe(true)
    pinch.move(1, { x: 100, y: 180 })
    pinch.move(2, { x: 300, y: 180 })
    expect(eye.view.toScreen(a).x).toBeCloseTo(100, 6)
    expect(eye.view.toScreen(b).x).toBeCloseTo(300, 6)
    expect(eye.view.toScreen(b).y).toBeCloseTo(180, 6)
  })
  it("move nothing with the one that is left, until it is lifted too", () => {
    const eye = camera()
    const pinch = new Pinch(eye)
    pinch.down(1, { x: 1, y: 1 })
    pinch.down(2, { x: 9, y: 9 })
    pinch.up(2)
    const before = eye.view
    expect(pinch.move(1, { x: 5, y: 5 })).toBe(true)
    expect(eye.view).toBe(before)
    pinch.up(1)
    expect(pinch.down(3, { x: 1, y: 1 })).toBe(false)
  })
})

describe("the wheel", () => {
  it("zooms by as much in and out, in pixels or lines, and faster for the small numbers of a trackpad", () => {
    const turn = (deltaY: number, deltaMode = 0, ctrlKey = false) => zoomOf({ deltaY, deltaMode, ctrlKey })
    expect(turn(-100) * turn(100)).toBeCloseTo(1, 9)
    expect(turn(-3, 1)).toBeCloseTo(turn(-48), 9)
    expect(turn(-10, 0, true)).toBeGreaterThan(turn(-10))
    expect(turn(-1e9)).toBeLessThan(3)
  })
})
