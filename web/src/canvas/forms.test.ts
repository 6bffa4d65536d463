import { describe, expect, it } from "vitest"

import { Board } from "./board"
import type { Raster } from "./geometry/raster"
import { bitmapOf, emptyBitmap, filled, maskOf, type Bitmap } from "./shapes/bitmap"
import { ringsOf, simplified } from "./shapes/outline"
import { isOn, toEnds } from "./shapes/rle"
import type { BoxShape, KeypointsShape } from "./shapes/types"
import { makeTool } from "./tools"
import type { Pointer } from "./tools/tool"

function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

/** A picture of 20 by 10 pixels whose left half is dark. */
const HALVES: Raster = {
  width: 20,
  height: 10,
  step: 2,
  data: Uint8ClampedArray.from({ length: 800 }, (_, i) => (Math.floor(i / 4) % 20 < 10 ? 20 : 200)),
}

function board(joints = 3): Board {
  let count = 0
  const nothing = () => undefined
  const made = new Board({ changed: nothing, previewed: nothing, newId: () => `o${(count += 1)}`, jointCountOf: () => joints, pixels: () => HALVES })
  made.load({ width: 40, height: 20 }, [])
  made.setClass("bun")
  return made
}

const at = (x: number, y: number, more: Partial<Pointer> = {}): Pointer => ({ at: { x, y }, pixel: 1, shift: false, alt: false, isDouble: false, isSecond: false, ...more })
const shapes = (of: Board) => [...of.objects.values()].map(({ shape }) => shape)

function random(next: () => number, share = 0.6): Bitmap {
  const frame = { x1: 3, y1: 5, x2: 4 + Math.floor(next() * 15), y2: 6 + Math.floor(next() * 15) }
  const bitmap = emptyBitmap(frame)
  bitmap.pixels.forEach((_, i) => (bitmap.pixels[i] = next() < share ? 1 : 0))
  return bitmap
}

describe("outlines", () => {
  it("filled again give every mask back, holes, islands and touching corners too", () => {
    const next = chance(3)
    for (let i = 0; i < 200; i++) {
      const bitmap = random(next)
      const frame = { x1: bitmap.x, y1: bitmap.y, x2: bitmap.x + bitmap.width, y2: bitmap.y + bitmap.height }
      expect(filled(ringsOf(bitmap), frame).pixels).toEqual(bitmap.pixels)
    }
  })
  it("have corners only where they turn", () => {
    expect(ringsOf(filled([[0, 0, 6, 0, 6, 4, 0, 4]], { x1: 0, y1: 0, x2: 8, y2: 8 }))).toEqual([[0, 0, 6, 0, 6, 4, 0, 4]])
  })
  it("lose corners, but no more than the tolerance", () => {
    const circle = Array.from({ length: 200 }, (_, i) => [50 + 40 * Math.cos((i * Math.PI) / 100), 50 + 40 * Math.sin((i * Math.PI) / 100)]).flat()
    const fewer = simplified(circle, 1)
    expect(fewer.length).toBeLessThan(80)
    const area = (ring: number[]) => filled([ring], { x1: 0, y1: 0, x2: 100, y2: 100 }).pixels.reduce((sum, value) => sum + value, 0)
    expect(area(fewer)).toBeGreaterThan(0.96 * area(circle))
    expect(simplified(circle, 0)).toEqual(circle)
  })
  it("say of every pixel whether it is on, without the pixels", () => {
    const next = chance(4)
    const mask = maskOf(random(next))
    if (!mask) throw new Error("nothing is on")
    const { pixels, width, height } = bitmapOf(mask)
    const ends = toEnds(mask.counts)
    for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) expect(isOn(ends, x * height + y)).toBe(pixels[y * width + x] === 1)
  })
})

describe("objects change their form", () => {
  it("from mask to polygon and back to the same pixels", () => {
    const desk = board()
    const bitmap = filled([[4, 4, 20, 4, 20, 16, 4, 16], [8, 8, 12, 8, 12, 12, 8, 12]], { x1: 0, y1: 0, x2: 40, y2: 20 })
    const mask = maskOf(bitmap)
    if (mask) desk.add(mask)
    desk.set({ outlineTolerance: 0 })
    desk.convert("polygon")
    expect(shapes(desk)).toMatchObject([{ type: "polygon", rings: [{ length: 8 }, { length: 8 }] }])
    desk.convert("mask")
    expect(shapes(desk)).toEqual([mask])
    desk.undo()
    desk.undo()
    expect(shapes(desk)).toEqual([mask])
  })
})

describe("tools", () => {
  it("make a box of the four outermost points", () => {
    const desk = board()
    desk.set({ boxBy: "extremes" })
    const tool = makeTool("box", desk)
    for (const [x, y] of [[20, 2], [30, 9], [21, 15], [5, 8]] as const) tool.down(at(x, y))
    expect(shapes(desk)).toEqual([{ type: "box", x1: 5, y1: 2, x2: 30, y2: 15, angle: 0 }])
  })
  it("make a turned box of an edge and a width", () => {
    const desk = board()
    const tool = makeTool("turnedBox", desk)
    for (const [x, y] of [[10, 10], [10, 18], [6, 12]] as const) tool.down(at(x, y))
    const [made] = shapes(desk) as BoxShape[]
    expect(made).toMatchObject({ type: "box", angle: 90 })
    expect(made && [made.x2 - made.x1, made.y2 - made.y1, (made.x1 + made.x2) / 2, (made.y1 + made.y2) / 2]).toEqual([8, 4, 8, 14])
  })
  it("cut a hole into the selected polygon", () => {
    const desk = board()
    const tool = makeTool("polygon", desk)
    const ring = (points: readonly (readonly [number, number])[], alt = false) => {
      for (const [x, y] of points) tool.down(at(x, y, { alt }))
      tool.up(at(0, 0))
      tool.key("Enter")
    }
    ring([[0, 0], [40, 0], [40, 20], [0, 20]])
    ring([[10, 5], [20, 5], [20, 15]], true)
    expect(shapes(desk)).toMatchObject([{ type: "polygon", rings: [{ length: 8 }, [10, 5, 20, 5, 20, 15]] }])
    desk.undo()
    expect(shapes(desk)).toMatchObject([{ rings: [{ length: 8 }] }])
  })
  it("place the points of a skeleton: seen, hidden, left out", () => {
    const desk = board(4)
    const tool = makeTool("keypoints", desk)
    tool.down(at(5, 5))
    tool.down(at(9, 5, { alt: true }))
    expect(tool.key("Space")).toBe(true)
    tool.down(at(7, 9))
    expect(shapes(desk)).toEqual([{ type: "keypoints", points: [[5, 5, 2], [9, 5, 1], [0, 0, 0], [7, 9, 2]] }])
  })
  it("never move a point that is hidden into sight, nor one that is not there at all", () => {
    const desk = board(3)
    const tool = makeTool("keypoints", desk)
    tool.down(at(5, 5))
    tool.down(at(15, 5, { isSecond: true }))
    tool.key("Enter")
    const select = makeTool("select", desk)
    select.down(at(15, 5))
    select.move(at(18, 8))
    select.up(at(18, 8))
    expect((shapes(desk)[0] as KeypointsShape).points).toEqual([[5, 5, 2], [18, 8, 1], [0, 0, 0]])
  })
  it("fill what has one colour, and then the hole of a mask", () => {
    const desk = board()
    const fill = makeTool("fill", desk)
    fill.down(at(30, 10))
    expect(shapes(desk)).toMatchObject([{ type: "mask", x: 20, y: 0, width: 20, height: 20 }])
    desk.remove()
    const holed = maskOf(filled([[4, 4, 20, 4, 20, 16, 4, 16], [8, 8, 12, 8, 12, 12, 8, 12]], { x1: 0, y1: 0, x2: 40, y2: 20 }))
    if (holed) desk.add(holed)
    fill.down(at(10, 10))
    expect(shapes(desk)).toEqual([maskOf(filled([[4, 4, 20, 4, 20, 16, 4, 16]], { x1: 0, y1: 0, x2: 40, y2: 20 }))])
  })
})
