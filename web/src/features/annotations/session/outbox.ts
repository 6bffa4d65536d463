/**
 * Work on its way to the server: kept in the browser first, then sent in order, and sent again until the server has it.
 *
 * A conflict or a refusal waits for the person; nothing is ever overwritten or dropped in silence.
 */

import type { Store } from "./database"
import { answerFor, imagesOf, isSame, type Answer, type Trouble, type WaitingItem } from "./types"

export type Saved = { image_id: string; revision: number; answer: Answer }

/** How one attempt to send ended. */
export type Sent =
  | { outcome: "saved"; saved: Saved[] }
  | { outcome: "later" }
  | { outcome: "signed-out" }
  | { outcome: "trouble"; trouble: Trouble }

export type Send = (item: WaitingItem) => Promise<Sent>

export interface OutboxState {
  kept: number
  isSending: boolean
  connection: "online" | "offline" | "signed-out"
  troubles: WaitingItem[]
  isDurable: boolean
}

interface Options {
  store: Store
  send: Send
  userId: string
  isDurable?: boolean
  onSaved?: (saved: Saved[], item: WaitingItem) => void
  /** Runs the drain where no other tab drains at the same time. */
  exclusively?: (work: () => Promise<void>) => Promise<void>
  wait?: (ms: number) => Promise<void>
}

const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 15_000

export class Outbox {
  private state: OutboxState
  private readonly listeners = new Set<() => void>()
  private retry: ReturnType<typeof setTimeout> | null = null
  private retryMs = FIRST_RETRY_MS
  private draining: Promise<void> | null = null
  private isAskedAgain = false
  private writing: Promise<unknown> = Promise.resolve()
  /** Revisions of our own newest saves: answers given meanwhile build on them. */
  private readonly newest = new Map<string, number>()

  constructor(private readonly options: Options) {
    const isDurable = options.isDurable ?? true
    this.state = { kept: 0, isSending: false, connection: "online", troubles: [], isDurable }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  snapshot = (): OutboxState => this.state

  private set(change: Partial<OutboxState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }

  /** Keep `item` in the browser, then send it; resolves when it is kept, not when it is sent. */
  async add(item: WaitingItem): Promise<void> {
    this.set({ kept: this.state.kept + 1 })
    const write = this.writing.then(() => this.options.store.put(item))
    this.writing = write.catch(() => undefined)
    await write
    void this.flush()
  }

  /** Send everything that waits, oldest first; safe to call at any time. */
  flush = (): Promise<void> => {
    if (this.draining) {
      this.isAskedAgain = true
      return this.draining
    }
    this.draining = this.run().finally(() => {
      this.draining = null
      if (this.isAskedAgain) {
        this.isAskedAgain = false
        void this.flush()
      }
    })
    return this.draining
  }

  private async run(): Promise<void> {
    if (this.retry) clearTimeout(this.retry)
    this.retry = null
    const exclusively = this.options.exclusively ?? ((work: () => Promise<void>) => work())
    await exclusively(() => this.drain())
  }

  private async drain(): Promise<void> {
    for (;;) {
      await this.writing
      const items = await this.options.store.waiting(this.options.userId)
      this.set({ kept: items.length, troubles: items.filter((item) => item.trouble), isSending: false })
      const blocked = new Set(items.filter((item) => item.trouble).flatMap(imagesOf))
      const next = items.find((item) => !item.trouble && !imagesOf(item).some((id) => blocked.has(id)))
      if (!next) return
      this.set({ isSending: true })
      const goesOn = await this.attempt(next, items)
      if (!goesOn) return
    }
  }

  private async attempt(item: WaitingItem, items: WaitingItem[]): Promise<boolean> {
    const sent = await this.options.send(this.upToDate(item))
    switch (sent.outcome) {
      case "saved":
        await this.settle(item, sent.saved)
        return true
      case "trouble":
        if (isAlreadySo(item, sent.trouble)) {
          await this.settle(item, savedFrom(sent.trouble))
          return true
        }
        await this.options.store.put(unmoved(item, sent.trouble) ?? { ...item, trouble: sent.trouble })
        return true
      case "signed-out":
        this.set({ connection: "signed-out", isSending: false, kept: items.length })
        return false
      case "later":
        this.set({ connection: "offline", isSending: false, kept: items.length })
        this.retry = setTimeout(() => void this.flush(), this.retryMs)
        this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS)
        return false
    }
  }

  private upToDate(item: WaitingItem): WaitingItem {
    const pairs = Object.entries(item.expected).map(([id, revision]) => [id, Math.max(revision, this.newest.get(id) ?? revision)] as const)
    return { ...item, expected: Object.fromEntries(pairs) }
  }

  private async settle(item: WaitingItem, saved: Saved[]): Promise<void> {
    for (const { image_id, revision } of saved) this.newest.set(image_id, revision)
    await this.writing
    const revisions = new Map(saved.map((entry) => [entry.image_id, entry.revision]))
    const later = (await this.options.store.waiting(this.options.userId)).filter((other) => other.key !== item.key)
    await this.options.store.settle(item.key ?? -1, corrected(later, revisions))
    this.retryMs = FIRST_RETRY_MS
    this.set({ connection: "online" })
    this.options.onSaved?.(saved, item)
  }

  /** The person decided about an item in trouble: say it again on top of what is there now, or let it go. */
  async resolve(item: WaitingItem, decision: "mine" | "theirs"): Promise<void> {
    if (item.key === undefined) return
    if (decision === "theirs") {
      await this.options.store.settle(item.key, [])
    } else {
      const { trouble, ...rest } = item
      const expected = { ...item.expected }
      if (trouble?.kind === "conflict") for (const present of trouble.current) expected[present.image_id] = present.revision
      await this.options.store.put({ ...rest, expected })
    }
    await this.flush()
  }

  /** After signing in again, or when the network is back. */
  resume = (): Promise<void> => {
    this.retryMs = FIRST_RETRY_MS
    this.set({ connection: "online" })
    return this.flush()
  }

  close(): void {
    if (this.retry) clearTimeout(this.retry)
    this.listeners.clear()
  }
}

/** Later answers for the same images now build on the revision that was just saved. */
export function corrected(later: WaitingItem[], revisions: Map<string, number>): WaitingItem[] {
  return later.flatMap((item) => {
    const touched = imagesOf(item).filter((id) => revisions.has(id))
    if (touched.length === 0) return []
    const expected = { ...item.expected }
    for (const id of touched) expected[id] = revisions.get(id) ?? 0
    return [{ ...item, expected }]
  })
}

/** True when the server holds exactly what we want to say: the first attempt arrived and only its reply was lost. */
function isAlreadySo(item: WaitingItem, trouble: Trouble): boolean {
  if (trouble.kind !== "conflict" || trouble.current.length !== imagesOf(item).length) return false
  return trouble.current.every((present) => isSame(present, answerFor(item, present.image_id)))
}

/** The item on the newer revision, when the server holds just what the person saw: nobody's answer is passed over. */
function unmoved(item: WaitingItem, trouble: Trouble): WaitingItem | null {
  if (item.kind !== "answer" || trouble.kind !== "conflict") return null
  const present = trouble.current[0]
  if (!present || !isSame(present, item.before) || item.expected[present.image_id] === present.revision) return null
  return { ...item, expected: { [present.image_id]: present.revision } }
}

function savedFrom(trouble: Trouble): Saved[] {
  if (trouble.kind !== "conflict") return []
  return trouble.current.map(({ image_id, revision, answer, class_id }) => ({ image_id, revision, answer: { answer, class_id } }))
}
