import { describe, expect, it } from "vitest"

import type { DrawnObject, Unsaved } from "../../../canvas"
import { acceptance, counted, differs, rejection, type Version } from "./correction"

const box = (id: string): DrawnObject => ({ id, class_id: "bun", shape: { type: "box", x1: 0, y1: 0, x2: 9, y2: 9, angle: 0 }, attributes: {}, z: 0 })
const author = { revision: 3, answer: "class", class_id: "bun", attributes: {}, objects: [] } as Version
const drawn = { ...author, answer: "objects", class_id: null, objects: [box("a")] } as unknown as Version
const none: Unsaved = { put: [], delete: [], reject: [], reconsider: [], attributes: null, work: {} }

describe("a reviewer's version", () => {
  it("accepts where it says what the author said", () => {
    expect(differs(author, { said: { answer: "class", class_id: "bun" }, change: none })).toBe(false)
    expect(acceptance("classification", author, { said: null, change: none }, 2)).toMatchObject({ verdict: "accepted", annotation: null, objects: null, active_s: 2 })
  })

  it("corrects the class, or says that the picture does not belong", () => {
    expect(acceptance("classification", author, { said: { answer: "class", class_id: "roll" }, change: null }, 1)).toMatchObject({ verdict: "corrected", annotation: { answer: "class", class_id: "roll" } })
    expect(acceptance("classification", author, { said: { answer: "does_not_belong", class_id: null }, change: null }, 1).annotation).toMatchObject({ answer: "does_not_belong", class_id: null })
    const described = { said: null, change: { ...none, attributes: { tray: "left" } } }
    expect(acceptance("classification", author, described, 1).annotation).toEqual({ answer: "class", class_id: "bun", attributes: { tray: "left" } })
  })

  it("sends the objects that differ", () => {
    const change = { ...none, put: [box("a"), box("b")], delete: ["c"], work: { b: 1.5 } }
    expect(counted(drawn, change)).toEqual([1, 1, 1, false])
    const { objects } = acceptance("detection", drawn, { said: null, change }, 4)
    expect(objects).toMatchObject({ answer: "objects", delete: ["c"] })
    expect(objects?.put?.map(({ id, active_s }) => [id, active_s])).toEqual([
      ["a", null],
      ["b", 1.5],
    ])
  })

  it("says that there is something where it draws into what does not belong", () => {
    const empty = { ...drawn, answer: "does_not_belong", objects: [] } as unknown as Version
    expect(acceptance("detection", empty, { said: null, change: { ...none, put: [box("a")] } }, 1).objects?.answer).toBe("objects")
    expect(acceptance("detection", drawn, { said: { answer: "not_sure", class_id: null }, change: none }, 1).objects?.answer).toBe("not_sure")
  })

  it("goes back with a reason", () => {
    expect(rejection(" Look again. ", "pool", 3)).toMatchObject({ verdict: "rejected", reason: "Look again.", return_to: "pool" })
  })
})
