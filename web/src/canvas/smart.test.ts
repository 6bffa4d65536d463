import { describe, expect, it } from "vitest"

import { Board } from "./board"
import type { SmartPrompt } from "./ports"
import { emptyBitmap, maskOf } from "./shapes/bitmap"
import type { MaskShape } from "./shapes/types"
import { makeTool } from "./tools"
import type { Pointer, Tool } from "./tools/tool"

/** A square of pixels as a mask. */
function square(x1: number, y1: number, side: number): MaskShape {
  const bitmap = emptyBitmap({ x1, y1, x2: x1 + side, y2: y1 + side })
  bitmap.pixels.fill(1)
  const mask = maskOf(bitmap)
  if (!mask) throw new Error("An empty mask.")
  return mask
}

/** Whoever is asked here answers when the test says so. */
class Oracle {
  readonly asked: { prompt: SmartPrompt; signal: AbortSignal; answer: (mask: MaskShape | null) => void; fail: () => void }[] = []
  readonly paths: { from: number[]; to: number[] }[] = []
  repaints = 0
  readonly board: Board
  readonly tool: Tool

  constructor() {
    let count = 0
    this.board = new Board({
      changed: () => undefined,
      previewed: () => (this.repaints += 1),
      newId: () => `o${(count += 1)}`,
      jointCountOf: () => 0,
      pixels: () => null,
      smart: {
        find: (prompt, signal) => new Promise((answer, fail) => this.asked.push({ prompt, signal, answer, fail: () => fail(new Error("no")) })),
        path: (from, to) => {
          this.paths.push({ from: [from.x, from.y], to: [to.x, to.y] })
          return Promise.resolve([from.x, from.y, (from.x + to.x) / 2 + 3, (from.y + to.y) / 2, to.x, to.y])
        },
      },
    })
    this.board.load({ width: 200, height: 100 }, [])
    this.board.setClass("bun")
    this.tool = makeTool("smart", this.board)
  }

  click(x: number, y: number, more: Partial<Pointer> = {}): void {
    this.tool.down(at(x, y, more))
    if (!more.isSecond) this.tool.up(at(x, y, more))
  }

  async answer(index: number, mask: MaskShape | null): Promise<void> {
    this.asked[index]?.answer(mask)
    await settle()
  }

  get drawn() {
    return [...this.board.objects.values()].map(({ shape }) => shape)
  }
}

const at = (x: number, y: number, more: Partial<Pointer> = {}): Pointer => ({ at: { x, y }, pixel: 1, shift: false, alt: false, isDouble: false, isSecond: false, ...more })
const settle = () => new Promise((resolve) => setTimeout(resolve))
const marks = (of: SmartPrompt | undefined) => of?.clicks.map(({ at: { x, y }, isPositive }) => `${isPositive ? "+" : "-"}${x},${y}`)

describe("the smart tool", () => {
  it("asks with a box that is dragged and with clicks on and beside the thing", () => {
    const o = new Oracle()
    o.tool.down(at(10, 10))
    o.tool.move(at(30, 40))
    expect(o.tool.draft).toMatchObject({ type: "box", x1: 10, y2: 40 })
    o.tool.up(at(30, 40))
    o.click(20, 20)
    o.click(25, 35, { isSecond: true })
    o.click(12, 12, { alt: true })
    expect(o.asked.map(({ prompt }) => prompt.box)).toEqual(Array(4).fill({ x1: 10, y1: 10, x2: 30, y2: 40 }))
    expect(marks(o.asked[3]?.prompt)).toEqual(["+20,20", "-25,35", "-12,12"])
  })

  it("does not ask what does not belong to nothing", () => {
    const o = new Oracle()
    o.click(20, 20, { isSecond: true })
    expect(o.asked).toEqual([])
  })

  it("shows the newest answer and makes one object of it that one step takes back", async () => {
    const o = new Oracle()
    o.click(20, 20)
    await o.answer(0, square(15, 15, 10))
    expect(o.tool.draft).toMatchObject({ type: "polygon", rings: [[15, 15, 25, 15, 25, 25, 15, 25]] })
    expect(o.repaints).toBeGreaterThan(0)
    expect(o.tool.key("Enter")).toBe(true)
    expect(o.drawn).toEqual([{ type: "polygon", rings: [[15, 15, 25, 15, 25, 25, 15, 25]] }])
    expect([o.tool.draft, o.tool.marks]).toEqual([null, []])
    o.board.undo()
    expect(o.drawn).toEqual([])
    o.board.redo()
    expect(o.drawn).toHaveLength(1)
  })

  it("drops answers that come too late", async () => {
    const o = new Oracle()
    o.click(20, 20)
    o.click(40, 40)
    expect(o.asked[0]?.signal.aborted).toBe(true)
    await o.answer(1, square(30, 30, 20))
    await o.answer(0, square(0, 0, 5))
    expect(o.tool.draft).toMatchObject({ rings: [[30, 30, 50, 30, 50, 50, 30, 50]] })
  })

  it("takes the last click back without asking again, and forgets everything on Escape", async () => {
    const o = new Oracle()
    o.click(20, 20)
    await o.answer(0, square(15, 15, 10))
    o.click(60, 60)
    await o.answer(1, square(15, 15, 50))
    o.tool.key("Backspace")
    expect(o.tool.draft).toMatchObject({ rings: [[15, 15, 25, 15, 25, 25, 15, 25]] })
    expect(o.asked).toHaveLength(2)
    expect(o.tool.key("Escape")).toBe(true)
    expect([o.tool.draft, o.tool.key("Enter"), o.drawn]).toEqual([null, false, []])
  })

  it("keeps what was asked for when Enter comes before the answer", async () => {
    const o = new Oracle()
    o.click(20, 20)
    o.tool.key("Enter")
    expect(o.drawn).toEqual([])
    await o.answer(0, square(15, 15, 10))
    expect(o.drawn).toHaveLength(1)
  })

  it("goes back to what was there when an answer fails or finds nothing", async () => {
    const o = new Oracle()
    o.click(20, 20)
    await o.answer(0, square(15, 15, 10))
    o.click(90, 90)
    o.asked[1]?.fail()
    await settle()
    expect(o.tool.marks).toHaveLength(1)
    expect(o.tool.draft).not.toBeNull()
    o.tool.key("Escape")
    o.click(50, 50)
    await o.answer(2, null)
    o.tool.key("Enter")
    expect(o.drawn).toEqual([])
  })

  it("asks again when the network is ready, and shows the better answer", async () => {
    const o = new Oracle()
    o.click(20, 20)
    await o.answer(0, square(15, 15, 10))
    o.tool.again?.()
    expect(marks(o.asked[1]?.prompt)).toEqual(["+20,20"])
    expect(o.tool.draft).not.toBeNull()
    await o.answer(1, square(10, 10, 20))
    expect(o.tool.draft).toMatchObject({ rings: [[10, 10, 30, 10, 30, 30, 10, 30]] })
  })

  it("makes masks and tight boxes where people want them", async () => {
    for (const [smartForm, wanted] of [["mask", square(15, 15, 10)], ["box", { type: "box", x1: 15, y1: 15, x2: 25, y2: 25, angle: 0 }]] as const) {
      const o = new Oracle()
      o.board.set({ smartForm })
      o.click(20, 20)
      await o.answer(0, square(15, 15, 10))
      o.tool.key("Enter")
      expect(o.drawn).toEqual([wanted])
    }
  })
})

describe("walking along an edge", () => {
  function walker(): Oracle {
    const o = new Oracle()
    o.board.set({ smartBy: "edge" })
    return o
  }

  it("joins clicks by paths and closes them into a polygon", async () => {
    const o = walker()
    for (const [x, y] of [[10, 10], [50, 10], [50, 50]] as const) o.click(x, y)
    await settle()
    expect(o.tool.draft).toEqual({ type: "polyline", points: [10, 10, 33, 10, 50, 10, 50, 10, 53, 30, 50, 50] })
    o.tool.key("Enter")
    await o.tool.settled?.()
    expect(o.drawn).toEqual([{ type: "polygon", rings: [[10, 10, 33, 10, 50, 10, 53, 30, 50, 50, 33, 30]] }])
    expect(o.tool.draft).toBeNull()
  })

  it("closes on the first point and on a double click, but not before there are three points", async () => {
    for (const end of [at(12, 11), at(50, 50, { isDouble: true })]) {
      const o = walker()
      o.click(10, 10)
      o.click(50, 10)
      o.tool.key("Enter")
      await o.tool.settled?.()
      expect(o.drawn).toEqual([])
      o.click(50, 50)
      o.tool.down(end)
      await o.tool.settled?.()
      expect(o.drawn).toHaveLength(1)
    }
  })

  it("lets the path follow the pointer, one question at a time and the newest last", async () => {
    const o = walker()
    o.click(10, 10)
    for (let x = 11; x < 60; x++) o.tool.move(at(x, 20))
    await settle()
    expect(o.paths.length).toBeLessThan(5)
    expect(o.paths.at(-1)).toEqual({ from: [10, 10], to: [59, 20] })
    expect(o.tool.draft).toMatchObject({ points: [10, 10, 37.5, 15, 59, 20] })
  })

  it("takes the last point back, and everything on Escape", async () => {
    const o = walker()
    o.click(10, 10)
    o.click(50, 10)
    o.click(50, 50)
    await settle()
    o.tool.key("Backspace")
    expect(o.tool.draft).toEqual({ type: "polyline", points: [10, 10, 33, 10, 50, 10] })
    o.tool.key("Escape")
    await settle()
    expect([o.tool.draft, o.tool.key("Enter"), o.drawn]).toEqual([null, false, []])
  })
})
