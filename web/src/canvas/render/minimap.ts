/** The whole picture, small, with a frame around what the screen shows of it; a press or drag goes there. */

import type { Editor } from "../editor"

const LONG_PX = 168
const FRAME = "#e8590c"

export class MiniMap {
  private readonly context: CanvasRenderingContext2D | null
  private readonly stop = new AbortController()
  private readonly unfollow: () => void
  private painted: { source: CanvasImageSource; look: string } | null = null
  private picture: OffscreenCanvas | null = null

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly editor: Editor,
  ) {
    this.context = canvas.getContext("2d")
    this.unfollow = editor.follow(() => this.paint())
    const go = (event: PointerEvent) => {
      if (event.buttons !== 1 || !editor.shown) return
      canvas.setPointerCapture(event.pointerId)
      const box = canvas.getBoundingClientRect()
      const { width, height } = editor.shown.size
      editor.camera.centre({ x: ((event.clientX - box.left) / box.width) * width, y: ((event.clientY - box.top) / box.height) * height })
    }
    canvas.addEventListener("pointerdown", go, { signal: this.stop.signal })
    canvas.addEventListener("pointermove", go, { signal: this.stop.signal })
    this.paint()
  }

  destroy(): void {
    this.stop.abort()
    this.unfollow()
  }

  private paint(): void {
    const { shown, camera, picture } = this.editor
    const { canvas, context } = this
    canvas.hidden = !shown || !camera.isPartial
    if (!shown || !context || canvas.hidden) return
    const look = `${this.editor.window}`
    const source = picture?.overview ?? shown.source
    if (this.painted?.source !== source || this.painted.look !== look) this.take(source, shown.size)
    this.painted = { source, look }
    const scale = canvas.width / shown.size.width
    context.clearRect(0, 0, canvas.width, canvas.height)
    if (this.picture) context.drawImage(this.picture, 0, 0)
    const { x1, y1, x2, y2 } = camera.shown
    const clip = (value: number, most: number) => Math.min(Math.max(value * scale, 1), most - 1)
    const [left, top] = [clip(x1, canvas.width), clip(y1, canvas.height)]
    context.strokeStyle = FRAME
    context.lineWidth = 2
    context.strokeRect(left, top, clip(x2, canvas.width) - left, clip(y2, canvas.height) - top)
  }

  private take(source: CanvasImageSource, { width, height }: { width: number; height: number }): void {
    const scale = LONG_PX / Math.max(width, height)
    this.canvas.width = Math.max(8, Math.round(width * scale))
    this.canvas.height = Math.max(8, Math.round(height * scale))
    this.picture = new OffscreenCanvas(this.canvas.width, this.canvas.height)
    this.picture.getContext("2d")?.drawImage(source, 0, 0, this.canvas.width, this.canvas.height)
  }
}
