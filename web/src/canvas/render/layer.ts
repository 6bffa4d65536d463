/** One transparent sheet over the picture; it can be moved as it is while painting it anew would take too long. */

import type { Size, Viewport } from "../geometry/viewport"

export class Layer {
  readonly canvas = document.createElement("canvas")
  readonly context: CanvasRenderingContext2D
  /** What was painted last, and where one looked then. */
  private snapshot: OffscreenCanvas | null = null
  private view: Viewport | null = null

  constructor(host: HTMLElement) {
    this.canvas.style.cssText = "position:absolute;inset:0;width:100%;height:100%;pointer-events:none"
    host.append(this.canvas)
    const context = this.canvas.getContext("2d")
    if (!context) throw new Error("This browser cannot draw on a canvas.")
    this.context = context
  }

  resize(size: Size, ratio: number): void {
    this.canvas.width = Math.max(1, Math.round(size.width * ratio))
    this.canvas.height = Math.max(1, Math.round(size.height * ratio))
    this.snapshot = this.view = null
  }

  /** Clears, and lets one unit be one pixel of the picture. */
  begin(view: Viewport, ratio: number): CanvasRenderingContext2D {
    this.clear()
    this.context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y)
    this.view = view
    this.snapshot = null
    return this.context
  }

  private clear(): void {
    this.context.setTransform(1, 0, 0, 1, 0, 0)
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height)
  }

  /** Show what was painted last as it would lie under another view: at once, but not sharper, and with nothing new at the edges. */
  move(view: Viewport, ratio: number): void {
    const { view: before, canvas, context } = this
    if (!before) return
    this.snapshot ??= copyOf(canvas)
    const by = view.scale / before.scale
    this.clear()
    context.setTransform(by, 0, 0, by, ratio * (view.x - before.x * by), ratio * (view.y - before.y * by))
    context.imageSmoothingEnabled = by !== 1
    context.imageSmoothingQuality = "low"
    context.drawImage(this.snapshot, 0, 0)
  }
}

function copyOf(canvas: HTMLCanvasElement): OffscreenCanvas {
  const copy = new OffscreenCanvas(canvas.width, canvas.height)
  copy.getContext("2d")?.drawImage(canvas, 0, 0)
  return copy
}
