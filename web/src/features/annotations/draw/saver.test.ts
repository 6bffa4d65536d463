import { describe, expect, it, vi } from "vitest"

import { areEqual, drawingOf, type Drawing, type DrawnObject, type Values } from "../../../canvas"
import { Saver, type Body, type Ports, type Reply } from "./saver"

const object = (id: string, x = 0): DrawnObject => ({ id, class_id: "bun", shape: { type: "point", x, y: 0 }, attributes: {}, z: 0 })

const NOTHING: Body = { put: [], delete: [], attributes: null, reject: [], reconsider: [], work: {}, answer: null, active_s: null }

/** A server of one picture, and a drawing of it. */
class World {
  server = { revision: 0, answer: "none", attributes: {} as Values, objects: new Map<string, DrawnObject>() }
  drawing: Drawing = drawingOf([], {})
  saved: Drawing = this.drawing
  kept: unknown = null
  fault: Reply | null = null
  wrong: string[] = []

  readonly ports: Ports = {
    send: (revision, body) => Promise.resolve(this.fault ?? this.receive(revision, body)),
    keep: (revision, change) => {
      this.kept = { revision, ...change }
      return Promise.resolve()
    },
    forget: () => {
      this.kept = null
      return Promise.resolve()
    },
    active: () => 1,
    onChange: () => undefined,
  }

  saver(): Saver {
    return new Saver(this as never, this.ports, this.server.revision)
  }

  present() {
    return { revision: this.server.revision, answer: this.server.answer, attributes: this.server.attributes, objects: [...this.server.objects.values()] }
  }

  receive(revision: number, body: Body): Reply {
    if (revision !== this.server.revision) return { kind: "conflict", present: this.present() }
    this.server.revision += 1
    for (const item of body.put) this.server.objects.set(item.id, item)
    for (const id of body.delete) this.server.objects.delete(id)
    this.wrong.push(...body.reject)
    if (body.attributes) this.server.attributes = body.attributes
    if (body.answer) this.server.answer = body.answer
    return { kind: "saved", present: this.present() }
  }

  unsaved() {
    const { objects, attributes } = this.drawing
    const put = [...objects.values()].filter((item) => this.saved.objects.get(item.id) !== item)
    const gone = [...this.saved.objects.keys()].filter((id) => !objects.has(id))
    const reject = [...this.drawing.rejected].filter((id) => !this.saved.rejected.has(id))
    return { ...NOTHING, put, delete: gone, reject, attributes: areEqual(attributes, this.saved.attributes) ? null : attributes }
  }

  confirm(drawing: Drawing): void {
    this.saved = drawing
  }

  draw(...items: DrawnObject[]): void {
    this.drawing = { ...this.drawing, objects: new Map(items.map((item) => [item.id, item])) }
  }

  describe(attributes: Values): void {
    this.drawing = { ...this.drawing, attributes }
  }
}

describe("the saver", () => {
  it("keeps a change here at once, sends it, and forgets it when the server has it", async () => {
    const world = new World()
    const saver = world.saver()
    world.draw(object("a"))
    saver.note()
    expect(world.kept).toMatchObject({ revision: 0, put: [{ id: "a" }] })
    expect(await saver.flush("objects")).toBe(true)
    expect([world.present().answer, world.kept, saver.state.kind]).toEqual(["objects", null, "saved"])
    world.draw()
    expect(await saver.flush()).toBe(true)
    expect(world.server.objects.size).toBe(0)
  })

  it("sends what is said of the picture itself, and meets another's answer to it", async () => {
    const world = new World()
    const saver = world.saver()
    world.describe({ light: "dim" })
    saver.note()
    expect(world.kept).toMatchObject({ attributes: { light: "dim" } })
    expect(await saver.flush()).toBe(true)
    expect(world.server.attributes).toEqual({ light: "dim" })
    world.receive(1, { ...NOTHING, attributes: { light: "day" } })
    world.describe({ light: "night" })
    expect(await saver.flush()).toBe(false)
    expect(saver.state).toMatchObject({ kind: "conflict", theirs: { attributes: { light: "day" } } })
  })

  it("sends what was rejected of suggestions, also where nothing was drawn", async () => {
    const world = new World()
    const saver = world.saver()
    world.drawing = { ...world.drawing, rejected: new Set(["wrong"]) }
    saver.note()
    expect(world.kept).toMatchObject({ reject: ["wrong"] })
    expect(await saver.flush()).toBe(true)
    expect([world.wrong, world.kept]).toEqual([["wrong"], null])
  })

  it("says yes without asking when there is nothing to send", async () => {
    const world = new World()
    world.fault = { kind: "offline" }
    expect(await world.saver().flush()).toBe(true)
  })

  it.each([{ kind: "offline" }, { kind: "signed-out" }, { kind: "refused", detail: "No." }] as Reply[])("keeps the work when the reply is %o", async (fault) => {
    const world = new World()
    const saver = world.saver()
    world.draw(object("a"))
    saver.note()
    world.fault = fault
    expect(await saver.flush()).toBe(false)
    expect(saver.state.kind).toBe(fault.kind)
    expect(world.kept).not.toBeNull()
    world.fault = null
    expect(await saver.flush()).toBe(true)
    expect(world.server.objects.size).toBe(1)
  })

  it("overwrites nobody: on a conflict it stops until somebody has decided", async () => {
    const world = new World()
    const saver = world.saver()
    world.receive(0, { ...NOTHING, put: [object("theirs")] })
    world.draw(object("mine"))
    expect(await saver.flush()).toBe(false)
    expect(await saver.flush()).toBe(false)
    expect([...world.server.objects.keys()]).toEqual(["theirs"])
    expect(saver.state).toMatchObject({ kind: "conflict", theirs: { revision: 1 } })
    world.draw(object("mine"), object("theirs"))
    saver.goOn(world.present() as never)
    await saver.flush()
    expect([...world.server.objects.keys()].sort()).toEqual(["mine", "theirs"])
  })

  it("A20: sees that a conflict is its own change, whose reply was lost", async () => {
    const world = new World()
    const saver = world.saver()
    world.draw(object("a"))
    world.receive(0, { ...world.unsaved(), answer: null, active_s: null })
    expect(await saver.flush("objects")).toBe(true)
    expect([saver.state.kind, world.present().answer]).toEqual(["saved", "objects"])
  })

  it("A19: keeps what is drawn while the server answers, in place of what it has", async () => {
    const world = new World()
    const saver = world.saver()
    const a = object("a")
    world.draw(a)
    saver.note()
    const flushed = saver.flush()
    await Promise.resolve()
    world.draw(a, object("b"))
    saver.note()
    expect(await flushed).toBe(true)
    expect(world.kept).toMatchObject({ revision: 1, put: [{ id: "b" }] })
    expect(saver.state.kind).toBe("waiting")
    expect(await saver.flush()).toBe(true)
    expect([world.kept, [...world.server.objects.keys()]]).toEqual([null, ["a", "b"]])
  })

  it("A19: sends within two seconds however steadily somebody draws and looks around", async () => {
    vi.useFakeTimers()
    const world = new World()
    const saver = world.saver()
    for (let at = 0; at < 8; at += 1) {
      world.draw(object("a", at))
      saver.note()
      saver.note()
      await vi.advanceTimersByTimeAsync(250)
    }
    vi.useRealTimers()
    expect(world.server.objects.get("a")).toMatchObject({ shape: { x: 4 } })
  })
})
