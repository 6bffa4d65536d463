import { clampTo } from "../geometry/points"
import type { Shape } from "../shapes"
import type { Bench, Pointer, Tool } from "./tool"

type Joint = [number, number, number]
const NONE: Joint = [0, 0, 0]

/**
 * Places the points of a skeleton one after the other, in its order.
 *
 * A click places one that is seen, Alt or the right button one that is hidden; Space leaves one out, Backspace takes one
 * back, Enter leaves out all that are left. After the last the object is there.
 */
export class KeypointsTool implements Tool {
  readonly cursor = "crosshair"
  readonly usesSecond = true
  private points: Joint[] = []

  constructor(private readonly bench: Bench) {}

  /** Which point of the skeleton the next click places. */
  get next(): number {
    return this.points.length
  }

  get draft(): Shape | null {
    return this.points.length === 0 ? null : { type: "keypoints", points: this.points }
  }

  down({ at, alt, isSecond }: Pointer): void {
    const { x, y } = clampTo(at, this.bench.width, this.bench.height)
    if (this.bench.jointCount > 0) this.place([x, y, alt || isSecond ? 1 : 2])
  }

  private place(joint: Joint): void {
    this.points = [...this.points, joint]
    if (this.points.length >= this.bench.jointCount) this.finish()
  }

  private finish(): void {
    const left = Math.max(0, this.bench.jointCount - this.points.length)
    const points = [...this.points, ...Array.from({ length: left }, () => NONE)]
    this.points = []
    if (points.some(([, , v]) => v > 0)) this.bench.add({ type: "keypoints", points })
  }

  move(): void {}
  up(): void {}

  key(name: string): boolean {
    if (name === "Space" && this.bench.jointCount > 0) this.place(NONE)
    else if (this.points.length === 0) return false
    else if (name === "Enter") this.finish()
    else if (name === "Escape") this.points = []
    else if (name === "Backspace") this.points = this.points.slice(0, -1)
    else return false
    return true
  }
}
