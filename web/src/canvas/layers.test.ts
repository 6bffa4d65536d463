import { describe, expect, it } from "vitest"

import { Board } from "./board"
import { bitmapOf } from "./shapes/bitmap"
import { maskOfSpans, spansOf, spansOfBitmap, together, without } from "./shapes/spans"
import type { MaskShape } from "./shapes/types"
import { makeTool } from "./tools"
import type { Pointer } from "./tools/tool"

const SIZE = { width: 40, height: 30 }

function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

function board(): Board {
  let count = 0
  const nothing = () => undefined
  const made = new Board({ changed: nothing, previewed: nothing, newId: () => `o${(count += 1)}`, jointCountOf: () => 0, isLayered: true, pixels: () => null })
  made.load(SIZE, [])
  made.setClass("sky")
  made.set({ brushRadius: 4 })
  return made
}

const at = (x: number, y: number): Pointer => ({ at: { x, y }, pixel: 1, shift: false, alt: false, isDouble: false, isSecond: false })

function dab(desk: Board, tool: "brush" | "eraser", x: number, y: number): void {
  const made = makeTool(tool, desk)
  made.down(at(x, y))
  made.up(at(x, y))
}

/** How often each pixel is covered, whatever the class. */
function covered(desk: Board): Uint8Array {
  const times = new Uint8Array(SIZE.width * SIZE.height)
  for (const { shape } of desk.objects.values()) {
    if (shape.type !== "mask") continue
    const { x, y, width, height, pixels } = bitmapOf(shape)
    for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) times[(y + row) * SIZE.width + x + column] = (times[(y + row) * SIZE.width + x + column] ?? 0) + (pixels[row * width + column] ?? 0)
  }
  return times
}

const classes = (desk: Board) => [...desk.objects.values()].map(({ class_id }) => class_id).sort()
const sum = (values: Uint8Array) => values.reduce((a, b) => a + b, 0)
const pixelsOf = (mask: MaskShape | null) => {
  const all = new Uint8Array(400)
  if (!mask) return all
  const { x, y, width, height, pixels } = bitmapOf(mask)
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) all[(y + row) * 20 + x + column] = pixels[row * width + column] ?? 0
  return all
}

describe("spans", () => {
  it("are put together and taken apart as pixels are", () => {
    const next = chance(5)
    for (let i = 0; i < 40; i++) {
      const full = next()
      const [a, b] = [0, 1].map(() => Uint8Array.from({ length: 400 }, () => (next() < full ? 1 : 0))) as [Uint8Array, Uint8Array]
      const [left, right] = [a, b].map((pixels) => spansOfBitmap({ x: 0, y: 0, width: 20, height: 20, pixels })) as [readonly number[], readonly number[]]
      expect(pixelsOf(maskOfSpans(left))).toEqual(a)
      expect(pixelsOf(maskOfSpans(together(left, right)))).toEqual(a.map((value, k) => value | (b[k] ?? 0)))
      expect(pixelsOf(maskOfSpans(without(left, right)))).toEqual(a.map((value, k) => value & ~(b[k] ?? 0)))
      const mask = maskOfSpans(left)
      if (mask) expect(spansOf({ ...mask })).toEqual(left)
    }
  })
})

describe("a picture with layers", () => {
  it("has one mask a class, and the pixels of whoever painted last", () => {
    const desk = board()
    dab(desk, "brush", 10, 10)
    dab(desk, "brush", 25, 10)
    expect(classes(desk)).toEqual(["sky"])
    const before = sum(covered(desk))
    desk.setClass("tree")
    dab(desk, "brush", 12, 10)
    expect(classes(desk)).toEqual(["sky", "tree"])
    expect(Math.max(...covered(desk))).toBe(1)
    expect(sum(covered(desk))).toBeGreaterThan(before)
    desk.undo()
    expect(classes(desk)).toEqual(["sky"])
    expect(sum(covered(desk))).toBe(before)
  })
  it("loses a class that is painted over whole, and gets it back", () => {
    const desk = board()
    dab(desk, "brush", 10, 10)
    desk.setClass("tree")
    desk.set({ brushRadius: 9 })
    dab(desk, "brush", 10, 10)
    expect(classes(desk)).toEqual(["tree"])
    desk.undo()
    expect(classes(desk)).toEqual(["sky"])
  })
  it("keeps what is locked, under the brush and the eraser", () => {
    const desk = board()
    dab(desk, "brush", 10, 10)
    const before = sum(covered(desk))
    desk.toggle(desk.locked, desk.objects.keys())
    desk.setClass("tree")
    dab(desk, "brush", 12, 10)
    const [sky] = [...desk.objects.values()].filter(({ class_id }) => class_id === "sky")
    expect(sky?.shape.type === "mask" && sum(bitmapOf(sky.shape).pixels)).toBe(before)
    expect(Math.max(...covered(desk))).toBe(1)
    desk.set({ brushRadius: 30 })
    dab(desk, "eraser", 12, 10)
    expect(classes(desk)).toEqual(["sky"])
  })
  it("takes outlines as pixels, and whatever lies under the eraser", () => {
    const desk = board()
    desk.add({ type: "polygon", rings: [[0, 0, 20, 0, 20, 20, 0, 20]] })
    expect(sum(covered(desk))).toBe(400)
    desk.setClass("tree")
    desk.add({ type: "box", x1: 10, y1: 10, x2: 30, y2: 30, angle: 0 })
    expect(sum(covered(desk))).toBe(700)
    desk.set({ brushRadius: 60 })
    dab(desk, "eraser", 5, 5)
    expect(desk.objects.size).toBe(0)
  })
  it("joins layers where a class is changed, and pastes on to them", () => {
    const desk = board()
    desk.add({ type: "box", x1: 0, y1: 0, x2: 10, y2: 10, angle: 0 })
    desk.setClass("tree")
    desk.add({ type: "box", x1: 20, y1: 0, x2: 30, y2: 10, angle: 0 })
    desk.selectAll()
    desk.copy()
    desk.setClass("sky")
    expect(classes(desk)).toEqual(["sky"])
    expect(sum(covered(desk))).toBe(200)
    desk.paste()
    expect(classes(desk)).toEqual(["sky", "tree"])
    expect(Math.max(...covered(desk))).toBe(1)
  })
  it("never covers a pixel twice, whatever is done, and goes all the way back", () => {
    for (let seed = 1; seed <= 15; seed++) {
      const next = chance(seed)
      const desk = board()
      const place = () => [Math.floor(next() * 40), Math.floor(next() * 30)] as const
      const acts = [
        () => dab(desk, "brush", ...place()),
        () => dab(desk, "brush", ...place()),
        () => dab(desk, "eraser", ...place()),
        () => desk.setClass(["sky", "tree", "road"][Math.floor(next() * 3)] ?? "sky"),
        () => desk.cycle(1),
        () => desk.nudge(3, -2),
        () => desk.select([]),
        () => desk.toggle(desk.locked),
        () => desk.duplicate(),
        () => desk.convert("polygon"),
      ]
      for (let i = 0; i < 60; i++) {
        acts[Math.floor(next() * acts.length)]?.()
        expect(Math.max(0, ...covered(desk))).toBeLessThan(2)
      }
      while (desk.canUndo) desk.undo()
      expect(desk.objects.size).toBe(0)
    }
  })
})
