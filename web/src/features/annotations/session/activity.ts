/** How long somebody really worked: the time between movements of the pointer and keys, without long pauses. */

/** After this time without a movement or a key, whoever sat there was elsewhere: the whole pause counts for nothing. */
export const IDLE_S = 15

const SIGNS = ["pointerdown", "pointermove", "pointerup", "wheel", "keydown"] as const

export class Activity {
  private total = 0
  private last: number

  constructor(private readonly clock: () => number = () => performance.now()) {
    this.last = clock()
  }

  /** Somebody moved. */
  note(): void {
    const now = this.clock()
    const seconds = (now - this.last) / 1000
    if (seconds <= IDLE_S) this.total += seconds
    this.last = now
  }

  /** A stopwatch of its own: seconds of work since it was last asked, to the millisecond. */
  lap(): () => number {
    let before = this.total
    return () => {
      this.note()
      const seconds = this.total - before
      before = this.total
      return Math.round(seconds * 1000) / 1000
    }
  }

  /** Notes everything that happens in a window; the result stops it. */
  watch(target: EventTarget): () => void {
    const stop = new AbortController()
    for (const sign of SIGNS) target.addEventListener(sign, () => this.note(), { signal: stop.signal, capture: true, passive: true })
    return () => stop.abort()
  }
}
