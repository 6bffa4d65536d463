import { describe, expect, it } from "vitest"

import { Board } from "./board"
import { inverse, applied, type DrawnObject } from "./document/document"
import { Viewport } from "./geometry/viewport"
import { box } from "./shapes/box"
import { emptyBitmap, maskOf, stroke } from "./shapes/bitmap"
import { polygon } from "./shapes/polygon"
import { decode, encode, fromRuns, toRuns } from "./shapes/rle"
import type { BoxShape, PolygonShape } from "./shapes/types"
import { makeTool } from "./tools"
import type { Pointer } from "./tools/tool"

/** Numbers that are the same in every run. */
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
  const made = new Board({ changed: nothing, previewed: nothing, newId: () => `o${(count += 1)}`, jointCountOf: () => 3, pixels: () => null })
  made.load({ width: 200, height: 100 }, [])
  made.setClass("bun")
  return made
}

const at = (x: number, y: number, more: Partial<Pointer> = {}): Pointer => ({ at: { x, y }, pixel: 1, shift: false, alt: false, isDouble: false, isSecond: false, ...more })
const BOX: BoxShape = { type: "box", x1: 10, y1: 20, x2: 50, y2: 60, angle: 0 }
const shapes = (of: Board) => [...of.objects.values()].map(({ shape }) => shape)

describe("the viewport", () => {
  it("zooms about the pointer and goes back to the same point", () => {
    const next = chance(1)
    let view = Viewport.fit({ width: 640, height: 480 }, { width: 900, height: 700 })
    for (let i = 0; i < 200; i++) {
      const p = { x: next() * 900, y: next() * 700 }
      const before = view.toImage(p)
      view = view.zoom(0.5 + next(), p, 0.01)
      const after = view.toImage(p)
      expect(Math.abs(before.x - after.x)).toBeLessThan(1e-6)
      expect(view.toScreen(after).x).toBeCloseTo(p.x, 6)
    }
  })
})

describe("run lengths", () => {
  it("are COCO's", () => {
    expect(fromRuns([1, 3, 2])).toBe("132")
    expect(toRuns(fromRuns([0, 5, 1000, 3, 70000, 1]))).toEqual([0, 5, 1000, 3, 70000, 1])
  })
  it("bring any mask back", () => {
    const next = chance(2)
    for (let i = 0; i < 100; i++) {
      const [width, height] = [1 + Math.floor(next() * 20), 1 + Math.floor(next() * 20)]
      const pixels = Uint8Array.from({ length: width * height }, () => (next() < 0.4 ? 1 : 0))
      expect(decode(encode(pixels, width, height), width, height)).toEqual(pixels)
    }
  })
})

describe("shapes", () => {
  it("keep the opposite corner of a turned box where it is", () => {
    const turned = { ...BOX, angle: 30 }
    const before = box.handles(turned)[4]?.at
    const after = box.handles(box.moveHandle(turned, 0, { x: 5, y: 5 }))[4]?.at
    expect(after?.x).toBeCloseTo(before?.x ?? 0, 6)
    expect(after?.y).toBeCloseTo(before?.y ?? 0, 6)
  })
  it("know what lies in a polygon with a hole", () => {
    const ring: PolygonShape = { type: "polygon", rings: [[0, 0, 90, 0, 90, 90, 0, 90], [30, 30, 60, 30, 60, 60, 30, 60]] }
    expect(polygon.hit(ring, { x: 10, y: 10 }, 0)).toBe(true)
    expect(polygon.hit(ring, { x: 45, y: 45 }, 0)).toBe(false)
  })
  it("get a corner where the middle of an edge is grabbed, and lose it again", () => {
    const triangle: PolygonShape = { type: "polygon", rings: [[0, 0, 90, 0, 0, 90]] }
    const grabbed = polygon.grab?.(triangle, 3)
    expect(grabbed).toEqual({ shape: { type: "polygon", rings: [[0, 0, 45, 0, 90, 0, 0, 90]] }, index: 1 })
    expect(grabbed && polygon.removeHandle?.(grabbed.shape, 1)).toEqual(triangle)
    expect(polygon.removeHandle?.(triangle, 0)).toBeNull()
  })
  it("cut a mask to what was painted", () => {
    const frame = emptyBitmap({ x1: 0, y1: 0, x2: 50, y2: 40 })
    stroke(frame, { x: 10, y: 10 }, { x: 20, y: 10 }, 3, 1)
    expect(maskOf(frame)).toMatchObject({ x: 7, y: 7, width: 16, height: 6 })
    stroke(frame, { x: 15, y: 10 }, { x: 15, y: 10 }, 30, 0)
    expect(maskOf(frame)).toBeNull()
  })
})

describe("tools", () => {
  it("draw a box by drag and by two clicks, inside the picture", () => {
    const desk = board()
    const tool = makeTool("box", desk)
    tool.down(at(10, 10))
    tool.move(at(500, 50))
    tool.up(at(500, 50))
    tool.down(at(20, 20))
    tool.up(at(20, 20))
    tool.move(at(40, 60))
    tool.down(at(40, 60))
    expect(shapes(desk)).toEqual([
      { type: "box", x1: 10, y1: 10, x2: 200, y2: 50, angle: 0 },
      { type: "box", x1: 20, y1: 20, x2: 40, y2: 60, angle: 0 },
    ])
  })
  it("drop what is too small and what is cancelled", () => {
    const desk = board()
    const tool = makeTool("box", desk)
    tool.down(at(10, 10))
    tool.move(at(11, 50))
    tool.down(at(11, 50))
    tool.down(at(10, 10))
    expect(tool.key("Escape")).toBe(true)
    expect(tool.key("Escape")).toBe(false)
    expect(shapes(desk)).toEqual([])
  })
  it("draw a polygon corner by corner", () => {
    const desk = board()
    const tool = makeTool("polygon", desk)
    for (const [x, y] of [[10, 10], [90, 10], [95, 95], [90, 90]] as const) {
      tool.down(at(x, y))
      tool.up(at(x, y))
      if (x === 95) expect(tool.key("Backspace")).toBe(true)
    }
    tool.down(at(12, 11))
    expect(shapes(desk)).toEqual([{ type: "polygon", rings: [[10, 10, 90, 10, 90, 90]] }])
  })
  it("never grab what is there while drawing, and move it when selecting", () => {
    const desk = board()
    desk.add(BOX)
    const draw = makeTool("box", desk)
    draw.down(at(30, 30))
    draw.move(at(45, 45))
    draw.up(at(45, 45))
    expect(desk.objects.size).toBe(2)
    desk.undo()
    const select = makeTool("select", desk)
    select.down(at(30, 40))
    select.move(at(20, 40))
    select.move(at(-100, 45))
    select.up(at(-100, 45))
    expect(shapes(desk)).toEqual([{ ...BOX, x1: 0, x2: 40, y1: 25, y2: 65 }])
  })
  it("paint a mask, go on with it, and erase it", () => {
    const desk = board()
    desk.set({ brushRadius: 5 })
    const brush = makeTool("brush", desk)
    const dab = (tool: typeof brush, x: number) => {
      tool.down(at(x, 50))
      tool.up(at(x, 50))
    }
    dab(brush, 50)
    dab(brush, 60)
    expect(shapes(desk)).toMatchObject([{ type: "mask", x: 45, width: 20 }])
    desk.set({ brushRadius: 40 })
    dab(makeTool("eraser", desk), 55)
    expect(shapes(desk)).toEqual([])
    desk.undo()
    expect(shapes(desk)).toMatchObject([{ type: "mask", x: 45, width: 20 }])
  })
})

describe("the board", () => {
  it("goes all the way back and forth again, whatever was done", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = chance(seed)
      const desk = board()
      const states = [shapes(desk)]
      const acts = [
        () => desk.add({ ...BOX, x1: Math.floor(next() * 9), x2: 20 + Math.floor(next() * 50) }),
        () => desk.nudge(Math.floor(next() * 9) - 4, 3),
        () => desk.duplicate(),
        () => desk.remove(),
        () => desk.restack(next() < 0.5 ? 1 : -1),
        () => desk.setClass(next() < 0.5 ? "bun" : "roll"),
        () => desk.cycle(1),
        () => desk.selectAll(),
        () => void (desk.copy() && desk.paste()),
      ]
      const before = JSON.stringify([...desk.objects])
      for (let i = 0; i < 60; i++) {
        acts[Math.floor(next() * acts.length)]?.()
        states.push(shapes(desk))
      }
      const after = JSON.stringify([...desk.objects].sort())
      while (desk.canUndo) desk.undo()
      expect(JSON.stringify([...desk.objects])).toBe(before)
      while (desk.canRedo) desk.redo()
      expect(JSON.stringify([...desk.objects].sort())).toBe(after)
    }
  })
  it("says what the server lacks, and nothing after it was confirmed", () => {
    const desk = board()
    desk.add(BOX)
    desk.add({ ...BOX, x1: 1 })
    expect(desk.unsaved().put.map(({ id }) => id)).toEqual(["o1", "o2"])
    desk.confirm(desk.drawing)
    expect(desk.unsaved()).toMatchObject({ put: [], delete: [], attributes: null })
    desk.select(["o1"])
    desk.remove()
    desk.nudge(1, 0)
    expect(desk.unsaved()).toMatchObject({ put: [], delete: ["o1"], attributes: null })
  })
  it("leaves locked objects alone", () => {
    const desk = board()
    desk.add(BOX)
    desk.toggle(desk.locked)
    desk.nudge(5, 5)
    desk.remove()
    desk.setClass("roll")
    expect([...desk.objects.values()]).toMatchObject([{ shape: BOX, class_id: "bun" }])
  })
  it("inverts changes", () => {
    const one: DrawnObject = { id: "a", class_id: "c", shape: BOX, attributes: {}, z: 0 }
    const changes = [{ id: "a", before: null, after: one }]
    expect(applied(applied(new Map(), changes), inverse(changes)).size).toBe(0)
  })
})
