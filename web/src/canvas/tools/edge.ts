/** Walks along an edge from click to click: the way between two clicks comes through a port. */

import { clampTo, distance, type ImagePoint } from "../geometry/points"
import type { Shape } from "../shapes"
import type { Bench, Mark, Pointer, Tool } from "./tool"

const CLOSE_PX = 8

/** From one click to the next; straight until the way is known. */
interface Leg {
  points: readonly number[]
  known: Promise<void>
}

const straight = (a: ImagePoint, b: ImagePoint): number[] => [a.x, a.y, b.x, b.y]

/** Click along an edge; Enter, a double click or a click on the first point closes the outline, Backspace takes a point back. */
export class EdgeTool implements Tool {
  readonly cursor = "crosshair"
  private anchors: ImagePoint[] = []
  private legs: Leg[] = []
  private live: readonly number[] = []
  private wanted: ImagePoint | null = null
  private isAsking = false
  private stop = new AbortController()
  private closing: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly bench: Bench,
    private readonly keep: (shape: Shape) => void,
  ) {}

  get draft(): Shape | null {
    const points = [...this.legs.flatMap((leg) => leg.points), ...this.live]
    return points.length < 4 ? null : { type: "polyline", points }
  }

  get marks(): readonly Mark[] {
    return this.anchors.map((at) => ({ at, isPositive: true }))
  }

  down({ at, pixel, isDouble, alt, isSecond }: Pointer): void {
    if (!this.bench.smart || alt || isSecond) return
    const p = clampTo(at, this.bench.width, this.bench.height)
    const [first] = this.anchors
    if (first && this.anchors.length > 2 && (isDouble || distance(first, p) <= CLOSE_PX * pixel)) this.close()
    else if (!isDouble) this.reach(p)
  }

  private reach(p: ImagePoint): void {
    const last = this.anchors.at(-1)
    if (last) this.legs.push(this.legOf(last, p))
    this.anchors.push(p)
    this.live = []
    this.wanted = null
  }

  private legOf(from: ImagePoint, to: ImagePoint): Leg {
    const leg: Leg = { points: straight(from, to), known: Promise.resolve() }
    const { signal } = this.stop
    leg.known = (this.bench.smart?.path(from, to, signal) ?? Promise.reject(new Error("Nobody finds paths.")))
      .then((points) => {
        leg.points = points
        if (!signal.aborted) this.bench.repaint()
      })
      .catch(() => undefined) // It stays straight, and people were told.
    return leg
  }

  /** The way to the pointer follows it: one question at a time, and always the newest. */
  move({ at }: Pointer): void {
    if (this.anchors.length === 0) return
    this.wanted = clampTo(at, this.bench.width, this.bench.height)
    if (!this.isAsking) void this.follow()
  }

  private async follow(): Promise<void> {
    const { signal } = this.stop
    this.isAsking = true
    for (let to = this.wanted; to && !signal.aborted; to = this.wanted) {
      const from = this.anchors.at(-1)
      this.wanted = null
      if (!from || !this.bench.smart) break
      try {
        const points = await this.bench.smart.path(from, to, signal)
        if (!signal.aborted && from === this.anchors.at(-1)) this.live = points
      } catch {
        if (!signal.aborted && from === this.anchors.at(-1)) this.live = straight(from, to)
      }
      if (!signal.aborted) this.bench.repaint()
    }
    if (!signal.aborted) this.isAsking = false
  }

  private close(): void {
    const [first, last] = [this.anchors[0], this.anchors.at(-1)]
    if (!first || !last || this.anchors.length < 3) return
    const legs = [...this.legs, this.legOf(last, first)]
    const { signal } = this.stop
    this.live = []
    this.wanted = null
    this.closing = Promise.all(legs.map((leg) => leg.known)).then(() => {
      if (signal.aborted) return
      this.clear()
      // Every leg ends where the next begins.
      this.keep({ type: "polygon", rings: [legs.flatMap((leg) => leg.points.slice(0, -2))] })
    })
  }

  private clear(): void {
    this.stop.abort()
    this.stop = new AbortController()
    this.isAsking = false
    this.anchors = []
    this.legs = []
    this.live = []
    this.wanted = null
  }

  settled(): Promise<unknown> {
    return this.closing
  }

  up(): void {}

  key(name: string): boolean {
    if (this.anchors.length === 0) return false
    if (name === "Enter") this.close()
    else if (name === "Escape") this.clear()
    else if (name === "Backspace") {
      this.anchors.pop()
      this.legs.pop()
      this.live = []
      this.wanted = null
    } else return false
    return true
  }
}
