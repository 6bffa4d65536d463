/** Decides, while the view moves, whether what rests is painted anew in this frame or only moved. */

/** A frame that took no longer than this is no trouble. */
const EASY_MS = 22
/** Of the time that a view moves, at most this share goes into painting anew. */
const SHARE = 1 / 6
/** The view has come to rest when it did not move for this long. */
const REST_MS = 110

export class Pace {
  private cost = 0
  private paintedAt = -Infinity
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `settle` is called once the view rests and what was only moved is to be painted. */
  constructor(private readonly settle: () => void) {}

  /** Whether there is time to paint at `now`; if not, `settle` will be called. */
  hasTime(now: number): boolean {
    clearTimeout(this.timer)
    if (this.cost <= EASY_MS || now - this.paintedAt > this.cost / SHARE) return true
    this.timer = setTimeout(this.settle, REST_MS)
    return false
  }

  /** It was painted in the frame of `now`, and the next frame came at `next`. */
  note(now: number, next: number): void {
    this.paintedAt = now
    // One slow frame may be anything; twice is the painting.
    this.cost = Math.min(next - now, 2 * this.cost + EASY_MS)
  }

  stop(): void {
    clearTimeout(this.timer)
  }
}
