import { describe, expect, it } from "vitest"

import { MemoryStore } from "./database"
import { Outbox, type Sent } from "./outbox"
import { LabelQueue, type Queued } from "./queue"
import { LabelSession } from "./session"
import type { SessionCard } from "./sessionState"
import { isSame, NOTHING, type Answer, type Present, type WaitingItem } from "./types"

interface Card extends SessionCard {
  name: string
}

const BAGEL: Answer = { answer: "class", class_id: "bagel" }
const BUN: Answer = { answer: "class", class_id: "bun" }
const SAID = { suggestion: null, text: "" }

/** A server in a few lines: revisions, conflicts, a cable that can be pulled. */
class Server {
  readonly answers = new Map<string, Present>()
  readonly sentBack: string[] = []
  isDown = false
  isClosed = false

  present(id: string): Present {
    return this.answers.get(id) ?? { ...NOTHING, image_id: id, revision: 0 }
  }

  put(id: string, answer: Answer): void {
    this.answers.set(id, { ...answer, image_id: id, revision: this.present(id).revision + 1 })
  }

  send = (item: WaitingItem): Promise<Sent> => Promise.resolve(this.take(item))

  private take(item: WaitingItem): Sent {
    if (this.isDown) return { outcome: "later" }
    if (this.isClosed) return { outcome: "signed-out" }
    const wanted = item.kind === "answer" ? [{ image_id: item.image_id, answer: item.answer }] : item.kind === "bulk" ? item.image_ids.map((image_id) => ({ image_id, answer: item.answer })) : item.items
    const moved = wanted.map(({ image_id }) => this.present(image_id)).filter((present) => present.revision !== item.expected[present.image_id])
    if (moved.length > 0) return { outcome: "trouble", trouble: { kind: "conflict", current: moved, detail: "" } }
    for (const { image_id, answer } of wanted) if (!isSame(this.present(image_id), answer)) this.put(image_id, answer)
    if (item.kind === "answer" && item.again !== undefined) this.sentBack.push(item.again)
    return { outcome: "saved", saved: wanted.map(({ image_id, answer }) => ({ image_id, answer, revision: this.present(image_id).revision })) }
  }
}

const card = (id: string): Card => ({ id, name: id, answer: null })
const queued = (id: string): Queued<Card> => ({ image: card(id), reason: "", lease_token: `lease-${id}`, guess: null })

async function desk(ids: string[], server = new Server(), store = new MemoryStore()) {
  const waiting = [...ids]
  const released: string[] = []
  const queue = new LabelQueue<Card>(
    {
      next: (_order, count, exclude) => {
        const items = waiting.filter((id) => !exclude.includes(id)).slice(0, count)
        return Promise.resolve({ items: items.map(queued), remaining: waiting.length })
      },
      release: (tokens) => released.push(...tokens),
      heartbeat: () => Promise.resolve(),
      skip: () => Promise.resolve(),
    },
    "upload",
  )
  const outbox: Outbox = new Outbox({ store, send: server.send, userId: "me", onSaved: (saved) => session.saved(saved) })
  const ports = {
    projectId: "p",
    userId: "me",
    keep: (item: WaitingItem) => void outbox.add(item),
    keepStep: (step: Parameters<MemoryStore["addStep"]>[2]) => void store.addStep("p", "me", step),
    dropStep: (id: string) => void store.dropStep("p", "me", id),
  }
  const session = new LabelSession<Card>(ports, queue)
  await queue.fill()
  const first = () => {
    const item = queue.snapshot().items[0]
    if (!item) throw new Error("the queue is empty")
    return item
  }
  const settled = async () => {
    for (let turn = 0; turn < 40; turn += 1) await Promise.resolve()
    await outbox.flush()
  }
  return { queue, session, outbox, server, store, first, settled, released }
}

describe("a labelling session", () => {
  it("shows the next picture before the answer is saved", async () => {
    const { session, queue, first } = await desk(["a", "b", "c"])
    session.answer(first(), BAGEL, SAID)
    expect(queue.snapshot().items[0]?.image.id).toBe("b")
  })

  it("saves answers that follow each other on one picture in their order", async () => {
    const { session, server, first, settled } = await desk(["a", "b"])
    session.answer(first(), BAGEL, SAID)
    session.undo(() => "")
    session.answer(first(), BUN, SAID)
    await settled()
    expect(server.present("a")).toMatchObject({ ...BUN, revision: 3 })
  })

  it("puts a picture that was to be looked at again back before the person", async () => {
    const { session, queue, server, first, settled } = await desk(["a", "b"])
    server.put("a", BUN)
    const review = { ...queued("a"), image: { ...card("a"), answer: { ...BUN, revision: 1 } }, reason: "looks wrong" }
    queue.bringBack(review)
    session.answer(first(), BAGEL, SAID)
    expect(first().image.id).toBe("b")
    session.undo(() => "")
    expect(first()).toEqual(review)
    expect(session.snapshot().looking).toBeNull()
    await settled()
    expect(server.present("a").class_id).toBe("bun")
    expect(server.sentBack).toEqual(["looks wrong"])
  })

  it("counts a skipped picture among those that wait", async () => {
    const { queue } = await desk(["a", "b", "c"])
    const skipping = queue.skip("a")
    expect(queue.snapshot()).toMatchObject({ remaining: 3, items: [{ image: { id: "b" } }, { image: { id: "c" } }] })
    await skipping
  })

  it("takes back every step and does it again", async () => {
    const { session, server, first, settled } = await desk(["a", "b", "c", "d"])
    for (let turn = 0; turn < 3; turn += 1) session.answer(first(), BAGEL, SAID)
    for (let turn = 0; turn < 3; turn += 1) session.undo(() => "")
    expect(session.undo(() => "")).toBeNull()
    expect(first().image.id).toBe("a")
    for (let turn = 0; turn < 3; turn += 1) session.redo(() => "")
    await settled()
    expect(["a", "b", "c"].map((id) => server.present(id).class_id)).toEqual(["bagel", "bagel", "bagel"])
    expect(first().image.id).toBe("d")
  })

  it("takes back a whole bulk step", async () => {
    const { session, server, settled } = await desk(["a", "b", "c"])
    session.answerMany(["a", "b", "c"].map(card), BUN, "")
    await settled()
    expect(server.present("c").class_id).toBe("bun")
    session.undo(() => "")
    await settled()
    expect(["a", "b", "c"].map((id) => server.present(id).answer)).toEqual(["none", "none", "none"])
  })

  it("looks back and changes an earlier answer", async () => {
    const { session, server, first, settled } = await desk(["a", "b", "c"])
    session.answer(first(), BAGEL, SAID)
    session.answer(first(), BAGEL, SAID)
    session.back()
    session.back()
    const item = session.snapshot().seen.get("a")
    if (!item) throw new Error("not seen")
    session.answer(item, BUN, SAID)
    expect(session.snapshot().looking).toBe(1)
    await settled()
    expect(server.present("a").class_id).toBe("bun")
  })
})

describe("the outbox", () => {
  it("keeps work while the server is away and sends it afterwards", async () => {
    const { session, server, outbox, first, settled } = await desk(["a", "b", "c"])
    server.isDown = true
    session.answer(first(), BAGEL, SAID)
    session.answer(first(), BUN, SAID)
    await settled()
    expect(outbox.snapshot()).toMatchObject({ kept: 2, connection: "offline" })
    server.isDown = false
    await outbox.resume()
    expect(outbox.snapshot()).toMatchObject({ kept: 0, connection: "online" })
    expect(server.present("b").class_id).toBe("bun")
  })

  it("sends what an earlier page left behind, and can still undo it", async () => {
    const server = new Server()
    const store = new MemoryStore()
    const before = await desk(["a", "b"], server, store)
    server.isDown = true
    before.session.answer(before.first(), BAGEL, SAID)
    await before.settled()
    before.outbox.close()
    server.isDown = false
    const after = await desk(["b"], server, store)
    await after.outbox.flush()
    expect(server.present("a").class_id).toBe("bagel")
    after.session.restore(await store.steps("p", "me"))
    expect(after.session.snapshot().history.past).toHaveLength(1)
  })

  it("shows both versions of a conflict and overwrites nothing by itself", async () => {
    const { session, server, outbox, first, settled } = await desk(["a", "b"])
    server.put("a", BUN)
    session.answer(first(), BAGEL, SAID)
    await settled()
    const [trouble] = outbox.snapshot().troubles
    expect(trouble?.trouble).toMatchObject({ kind: "conflict", current: [{ class_id: "bun" }] })
    expect(server.present("a").class_id).toBe("bun")
    if (trouble) await outbox.resolve(trouble, "mine")
    expect(server.present("a").class_id).toBe("bagel")
  })

  it("takes the same answer of somebody else as saved", async () => {
    const { session, server, outbox, first, settled } = await desk(["a"])
    server.put("a", BAGEL)
    session.answer(first(), BAGEL, SAID)
    await settled()
    expect(outbox.snapshot()).toMatchObject({ kept: 0, troubles: [] })
  })

  it("waits for a sign-in and goes on after it", async () => {
    const { session, server, outbox, first, settled } = await desk(["a", "b"])
    server.isClosed = true
    session.answer(first(), BAGEL, SAID)
    await settled()
    expect(outbox.snapshot()).toMatchObject({ kept: 1, connection: "signed-out" })
    server.isClosed = false
    await outbox.resume()
    expect(server.present("a").class_id).toBe("bagel")
  })

  it("lets other pictures pass one that waits for a decision", async () => {
    const { session, server, outbox, first, settled } = await desk(["a", "b"])
    server.put("a", BUN)
    session.answer(first(), BAGEL, SAID)
    session.answer(first(), BAGEL, SAID)
    await settled()
    expect(server.present("b").class_id).toBe("bagel")
    expect(outbox.snapshot().kept).toBe(1)
  })
})
