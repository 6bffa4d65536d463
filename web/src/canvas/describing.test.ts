import { describe, expect, it } from "vitest"

import { Board } from "./board"
import type { BoardPorts } from "./ports"
import type { BoxShape } from "./shapes/types"

const BOX: BoxShape = { type: "box", x1: 10, y1: 20, x2: 50, y2: 60, angle: 0 }

function board(): Board {
  let count = 0
  const nothing = () => undefined
  const ports: Partial<BoardPorts> = { changed: nothing, previewed: nothing, newId: () => `o${(count += 1)}`, jointCountOf: () => 0, pixels: () => null }
  const made = new Board(ports as BoardPorts)
  made.load({ width: 200, height: 100 }, [])
  made.setClass("bun")
  return made
}

describe("values of attributes", () => {
  it("are set for all that is selected and for the picture, and taken back", () => {
    const desk = board()
    desk.add(BOX)
    desk.add({ ...BOX, x1: 1 })
    desk.selectAll()
    desk.describe({ state: "raw", burnt: true })
    desk.describe({ burnt: undefined }, ["o1"])
    desk.describePicture({ light: "dim" })
    expect([...desk.objects.values()].map(({ attributes }) => attributes)).toEqual([{ state: "raw" }, { state: "raw", burnt: true }])
    expect(desk.unsaved()).toMatchObject({ attributes: { light: "dim" } })
    desk.confirm(desk.drawing)
    expect(desk.unsaved()).toMatchObject({ put: [], delete: [], attributes: null })
    desk.undo()
    expect(desk.unsaved()).toMatchObject({ put: [], delete: [], attributes: {} })
    desk.undo()
    desk.undo()
    expect([...desk.objects.values()].map(({ attributes }) => attributes)).toEqual([{}, {}])
    desk.redo()
    expect(desk.objects.get("o1")?.attributes).toEqual({ state: "raw", burnt: true })
  })
  it("make no step where a value is what it was", () => {
    const desk = board()
    desk.add(BOX)
    desk.describe({ state: "raw" })
    desk.describe({ state: "raw" })
    desk.describePicture({ gone: undefined })
    desk.undo()
    expect([...desk.objects.values()][0]?.attributes).toEqual({})
  })
})
