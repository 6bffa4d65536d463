/** Two fingers: the view follows them, whatever tool is in hand. */

import type { Camera } from "./camera"
import type { ScreenPoint } from "./geometry/points"

interface Span {
  middle: ScreenPoint
  length: number
}

function spanOf(a: ScreenPoint, b: ScreenPoint): Span {
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, length: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) }
}

export class Pinch {
  private readonly fingers = new Map<number, ScreenPoint>()
  /** From the second finger to the last one lifted: until then no finger draws. */
  private isOn = false

  constructor(private readonly camera: Camera) {}

  /** A finger was put down; true if it is the view that fingers move now. */
  down(id: number, at: ScreenPoint): boolean {
    this.fingers.set(id, at)
    this.isOn ||= this.fingers.size > 1
    return this.isOn
  }

  /** A pointer moved; true if it is one of the fingers that move the view. */
  move(id: number, at: ScreenPoint): boolean {
    const [before] = this.spans()
    if (!this.fingers.has(id)) return false
    this.fingers.set(id, at)
    const [after] = this.spans()
    if (before && after) {
      this.camera.pan(after.middle.x - before.middle.x, after.middle.y - before.middle.y)
      this.camera.zoom(after.length / before.length, after.middle)
    }
    return this.isOn
  }

  up(id: number): void {
    this.fingers.delete(id)
    if (this.fingers.size === 0) this.isOn = false
  }

  private spans(): Span[] {
    const [a, b] = this.fingers.values()
    return a && b ? [spanOf(a, b)] : []
  }
}
