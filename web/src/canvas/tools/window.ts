import type { ScreenPoint } from "../geometry/points"
import type { Pointer, Tool } from "./tool"

/** Dragging changes the window of greys: sideways how much it spans, up and down where it lies. */
export class WindowTool implements Tool {
  readonly cursor = "ns-resize"
  readonly draft = null
  private last: ScreenPoint | null = null

  /** `drag` is told how many pixels of the screen the pointer went. */
  constructor(private readonly drag: (dx: number, dy: number) => void) {}

  down({ at, pixel }: Pointer): void {
    this.last = { x: at.x / pixel, y: at.y / pixel }
  }

  move({ at, pixel }: Pointer): void {
    if (!this.last) return
    const next = { x: at.x / pixel, y: at.y / pixel }
    this.drag(next.x - this.last.x, next.y - this.last.y)
    this.last = next
  }

  up(): void {
    this.last = null
  }

  key(): boolean {
    return false
  }
}
