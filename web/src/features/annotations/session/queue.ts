/** The next images, fetched and decoded ahead, so that an answer is followed by the next picture at once. */

export interface Guess {
  class_id: string
  score: number
  version: string
  runner_up_id: string | null
}

/** What a reviewer said of a picture that is labelled again. */
export interface Returned {
  reason: string
  reviewer_name: string | null
  decided_at: string
  answer: string | null
  class_id: string | null
}

export interface Queued<Card> {
  image: Card
  reason: string
  lease_token: string
  guess: Guess | null
  returned?: Returned | null
}

export type QueueOrder = "helpful" | "random" | "upload"

export interface QueueSource<Card> {
  next(order: QueueOrder, count: number, exclude: string[]): Promise<{ items: Queued<Card>[]; remaining: number; notice?: string | null }>
  release(tokens: string[]): void
  heartbeat(tokens: string[]): Promise<void>
  skip(imageId: string): Promise<void>
}

export interface QueueState<Card> {
  items: Queued<Card>[]
  remaining: number
  status: "loading" | "ready" | "empty" | "error"
  problem: string | null
  /** Why there is nothing, where it is not that all is labelled. */
  notice: string | null
}

const AHEAD = 8
const LOW = 5
const KEEP_ON_REFRESH = 3

export class LabelQueue<Card extends { id: string }> {
  private state: QueueState<Card> = { items: [], remaining: 0, status: "loading", problem: null, notice: null }
  private readonly listeners = new Set<() => void>()
  /** Answered here, and maybe not on the server yet: never asked for again. */
  private readonly answered = new Set<string>()
  private order: QueueOrder
  private fetching = false
  private generation = 0
  private isClosed = false

  constructor(
    private readonly source: QueueSource<Card>,
    order: QueueOrder,
    private readonly preload: (card: Card) => void = () => undefined,
    private readonly ahead = AHEAD,
  ) {
    this.order = order
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  snapshot = (): QueueState<Card> => this.state

  private set(change: Partial<QueueState<Card>>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }

  /** Fetch until enough images lie ready. */
  fill = async (): Promise<void> => {
    if (this.fetching || this.isClosed || this.state.items.length >= Math.min(LOW, this.ahead)) return
    this.fetching = true
    const generation = this.generation
    try {
      const held = this.state.items.map((item) => item.image.id)
      const exclude = [...new Set([...held, ...[...this.answered].slice(-90)])].slice(0, 100)
      const answer = await this.source.next(this.order, this.ahead - held.length, exclude)
      this.take(answer, generation)
    } catch (error) {
      const problem = error instanceof Error ? error.message : "The next pictures could not be fetched."
      this.set(this.state.items.length > 0 ? { problem } : { problem, status: "error" })
    } finally {
      this.fetching = false
      if (generation !== this.generation) void this.fill()
    }
  }

  private take({ items, remaining, notice = null }: { items: Queued<Card>[]; remaining: number; notice?: string | null }, generation: number): void {
    if (generation !== this.generation || this.isClosed) {
      this.source.release(items.map((item) => item.lease_token))
      return
    }
    const known = new Set(this.state.items.map((item) => item.image.id))
    const fresh = items.filter((item) => !known.has(item.image.id) && !this.answered.has(item.image.id))
    for (const item of fresh) this.preload(item.image)
    const all = [...this.state.items, ...fresh]
    this.set({ items: all, remaining, notice, problem: null, status: all.length > 0 ? "ready" : "empty" })
  }

  /** The first image was answered: the next one moves up at once. */
  advance(imageId: string): void {
    this.answered.add(imageId)
    const items = this.state.items.filter((item) => item.image.id !== imageId)
    const isLast = items.length === 0
    this.set({ items, remaining: Math.max(this.state.remaining - 1, 0), status: isLast ? "loading" : "ready" })
    void this.fill()
  }

  /** An answer was taken back: the image may come again. */
  forget(imageId: string): void {
    this.answered.delete(imageId)
  }

  /** Put an image in front again, as undo does. */
  bringBack(item: Queued<Card>): void {
    this.answered.delete(item.image.id)
    const others = this.state.items.filter((other) => other.image.id !== item.image.id)
    const wasGone = others.length === this.state.items.length
    this.set({ items: [item, ...others], remaining: this.state.remaining + (wasGone ? 1 : 0), status: "ready" })
  }

  /** What is known of an image that waits here is out of date. */
  replace(card: Card): void {
    this.set({ items: this.state.items.map((item) => (item.image.id === card.id ? { ...item, image: card } : item)) })
  }

  async skip(imageId: string): Promise<void> {
    this.advance(imageId)
    this.answered.delete(imageId)
    this.set({ remaining: this.state.remaining + 1 }) // It still waits, only later.
    await this.source.skip(imageId)
    if (this.state.items.length === 0) await this.fill()
  }

  /** Better suggestions exist: keep what is about to be shown, give the rest back and fetch anew. */
  refresh = async (): Promise<void> => {
    const given = this.state.items.slice(KEEP_ON_REFRESH)
    this.source.release(given.map((item) => item.lease_token))
    this.generation += 1
    this.set({ items: this.state.items.slice(0, KEEP_ON_REFRESH) })
    await this.fill()
  }

  /** Replace the guesses of images that wait without one; the image on screen is left alone. */
  setGuess(imageId: string, guess: Guess): void {
    const [first, ...rest] = this.state.items
    if (!first) return
    const items = rest.map((item) => (item.image.id === imageId && !item.guess ? { ...item, guess } : item))
    this.set({ items: [first, ...items] })
  }

  async reorder(order: QueueOrder): Promise<void> {
    if (order === this.order) return
    this.order = order
    this.generation += 1
    this.source.release(this.state.items.map((item) => item.lease_token))
    this.set({ items: [], status: "loading" })
    await this.fill()
  }

  beat = async (): Promise<void> => {
    if (this.state.items.length > 0) await this.source.heartbeat(this.state.items.map((item) => item.lease_token))
  }

  /** Give everything back on leaving the page. */
  close(): void {
    this.isClosed = true
    this.source.release(this.state.items.map((item) => item.lease_token))
    this.listeners.clear()
  }
}
