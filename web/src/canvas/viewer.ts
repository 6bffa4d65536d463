/** A picture that is only looked at, over the page's own copy of it: values finer than bytes are painted, filters go to both. */

import { Viewport, type Size } from "./geometry/viewport"
import type { ScreenPoint } from "./geometry/points"
import { Looking } from "./looking"
import { dragged } from "./picture/greys"
import { Picture, type Shown } from "./picture/picture"
import { Layer } from "./render/layer"

export class Viewer extends Looking {
  private readonly layer: Layer
  private readonly watcher: ResizeObserver
  private frame = 0
  private zoomed: { factor: number; at: ScreenPoint } | null = null

  /** Paints into `host`; `page` is told the filters as `--light`, for copies of pictures in it. */
  constructor(
    host: HTMLElement,
    private readonly page: HTMLElement,
  ) {
    super(host)
    this.layer = new Layer(host)
    this.watcher = new ResizeObserver(() => this.repaint())
    this.watcher.observe(host)
  }

  /** Of the surface, in pixels of the screen. */
  get size(): Size {
    return { width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) }
  }

  override get sight(): Viewport | null {
    if (!this.picture) return null
    const whole = Viewport.fit(this.picture.shown.size, this.size, 0)
    return this.zoomed ? whole.zoom(this.zoomed.factor, this.zoomed.at, 0) : whole
  }

  /** Show another picture; null while it is on its way. */
  open(shown: Shown | null): void {
    this.picture?.destroy()
    this.picture = shown && new Picture(shown, () => this.repaint())
    this.adjust(this.adjustment)
    this.paint()
    this.tell()
  }

  /** Show it larger by a factor, with what lies at a point of the surface where it is; null shows all of it. */
  zoom(zoomed: { factor: number; at: ScreenPoint } | null): void {
    this.zoomed = zoomed
    this.paint()
    this.tell()
  }

  /** Another window, after a drag by so many pixels of the screen. */
  drag(dx: number, dy: number): void {
    this.setWindow(dragged(this.window, dx, dy))
  }

  destroy(): void {
    this.picture?.destroy()
    this.watcher.disconnect()
    cancelAnimationFrame(this.frame)
    this.forget()
    this.layer.canvas.remove()
    this.host.querySelector("svg")?.remove()
  }

  protected override filtered(css: string): void {
    this.page.style.setProperty("--light", css || "none")
    this.layer.canvas.style.filter = css
  }

  protected override repaint(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      this.paint()
      this.tell()
    })
  }

  private paint(): void {
    const { picture, layer } = this
    const isNeeded = picture !== null && picture.display !== null
    layer.canvas.hidden = !isNeeded
    if (!isNeeded) return
    const screen = this.size
    const ratio = window.devicePixelRatio || 1
    layer.resize(screen, ratio)
    const view = this.sight ?? Viewport.fit(picture.shown.size, screen, 0)
    picture.paint(layer.begin(view, ratio), view, view.shown(screen), ratio)
  }
}
