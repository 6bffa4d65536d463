import { beforeEach, describe, expect, it } from "vitest"

import { Board } from "./board"
import type { Suggestion } from "./document/proposals"
import { SelectTool } from "./tools/select"
import type { Pointer } from "./tools/tool"

const box = (x: number, y: number, size = 10) => ({ type: "box" as const, x1: x, y1: y, x2: x + size, y2: y + size, angle: 0 })
const suggestion = (id: string, x: number, score: number): Suggestion => ({ id, class_id: "bun", shape: box(x, 20), score })
const at = (x: number, y: number): Pointer => ({ at: { x, y }, pixel: 1, shift: false, alt: false, isDouble: false, isSecond: false })

describe("what a model suggests", () => {
  let board: Board
  let seconds = 0

  beforeEach(() => {
    let made = 0
    board = new Board({
      changed: () => undefined,
      previewed: () => undefined,
      newId: () => `new-${(made += 1)}`,
      jointCountOf: () => 0,
      active: () => seconds,
      pixels: () => null,
    })
    seconds = 0
    board.load({ width: 100, height: 100 }, [])
    board.setClass("roll")
    board.offer([suggestion("a", 0, 0.9), suggestion("b", 30, 0.6), suggestion("c", 60, 0.3)])
  })

  const shown = () => [...board.proposals.keys()].sort()
  const drawn = () => [...board.objects.values()].map(({ id, class_id, suggestion_id }) => [id, class_id, suggestion_id])
  const sent = () => {
    const { put, reject, reconsider } = board.unsaved()
    return { put: put.map(({ id }) => id), delete: board.unsaved().delete, reject, reconsider }
  }

  it("lies apart from what is drawn and is not sent", () => {
    expect([shown(), board.objects.size, board.canUndo]).toEqual([["a", "b", "c"], 0, false])
    expect(sent()).toEqual({ put: [], delete: [], reject: [], reconsider: [] })
  })

  it("is shown from a score on, or not at all", () => {
    board.showProposals({ leastScore: 0.5 })
    expect([shown(), board.open.length]).toEqual([["a", "b"], 3])
    board.showProposals({ isShown: false })
    expect(shown()).toEqual([])
  })

  it("A38: is accepted with Enter one by one, going on to the next, and taken back step by step", () => {
    board.cycle(1)
    expect(board.accept()).toBe(1)
    expect([drawn(), [...board.selection]]).toEqual([[["a", "bun", "a"]], ["b"]])
    board.accept()
    expect(sent()).toEqual({ put: ["a", "b"], delete: [], reject: [], reconsider: [] })
    board.undo()
    expect([drawn().length, shown()]).toEqual([1, ["b", "c"]])
    board.redo()
    expect(drawn().length).toBe(2)
  })

  it("A38: all above the threshold become objects in one step", () => {
    board.showProposals({ leastScore: 0.5 })
    board.accept(board.proposals.keys())
    expect([drawn().length, board.open.length]).toEqual([2, 1])
    board.undo()
    expect([drawn().length, shown()]).toEqual([0, ["a", "b"]])
  })

  it("A38: what is rejected is sent as rejected, and open again once that is taken back", () => {
    board.select(["b"])
    board.remove()
    expect([shown(), [...board.selection], sent().reject]).toEqual([["a", "c"], ["c"], ["b"]])
    board.confirm(board.drawing)
    expect(sent().reject).toEqual([])
    board.offer([suggestion("a", 0, 0.9), suggestion("c", 60, 0.3)]) // as the server tells them now
    board.undo()
    expect([shown(), sent().reconsider]).toEqual([["a", "b", "c"], ["b"]])
  })

  it("A38: whoever changes a suggestion takes it over, in one step", () => {
    board.select(["a"])
    board.setClass("roll")
    expect(drawn()).toEqual([["a", "roll", "a"]])
    board.select(["b"])
    board.nudge(1, 0)
    expect(board.objects.get("b")?.shape).toEqual(box(31, 20))
    board.undo()
    expect([board.objects.has("b"), shown()]).toEqual([false, ["b", "c"]])
  })

  it("is put right by dragging it with the selecting tool", () => {
    const tool = new SelectTool(board)
    tool.down(at(5, 25))
    tool.move(at(8, 25))
    expect(board.objects.size).toBe(0)
    tool.up(at(8, 25))
    expect([board.objects.get("a")?.shape, board.unsaved().put[0]?.suggestion_id]).toEqual([box(3, 20), "a"])
  })

  it("A38: an object that came from a suggestion rejects it when it is deleted, and its copies are a person's own", () => {
    board.accept(["a"])
    board.select(["a"])
    board.duplicate()
    expect([...board.objects.values()].map((object) => object.suggestion_id)).toEqual(["a", undefined])
    board.remove(["a"])
    expect([shown(), sent().reject]).toEqual([["b", "c"], ["a"]])
    board.undo()
    expect([board.objects.has("a"), sent().reject]).toEqual([true, []])
  })

  it("has the seconds that it took, shared out among what one step made", () => {
    seconds = 3
    board.add(box(0, 60))
    seconds = 1
    board.accept(board.proposals.keys())
    const { work } = board.unsaved()
    expect(work).toEqual({ "new-1": 3, a: 0.333, b: 0.333, c: 0.333 })
    board.confirm(board.drawing, work)
    seconds = 2
    board.select(["a"])
    board.nudge(1, 0)
    expect(board.unsaved().work).toEqual({ a: 2 })
  })
})
