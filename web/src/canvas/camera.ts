/** Which part of the picture the surface shows, and where it is looked at. */

import { inside, type ImagePoint, type Rect, type ScreenPoint } from "./geometry/points"
import { Viewport, type Size } from "./geometry/viewport"

export class Camera {
  view = new Viewport(1, 0, 0)
  private screen: Size = { width: 1, height: 1 }
  private picture: Size = { width: 1, height: 1 }
  private isFitted = true

  /** `tell` is called when another part of the picture is to be shown. */
  constructor(private readonly tell: () => void) {}

  show(picture: Size): void {
    this.picture = picture
    this.fit()
  }

  resize(screen: Size): void {
    this.screen = screen
    if (this.isFitted) this.fit()
    else this.look(this.view)
  }

  fit(): void {
    this.look(Viewport.fit(this.picture, this.screen))
    this.isFitted = true
  }

  /** Zoom at a point of the screen, by default its middle. */
  zoom(factor: number, at: ScreenPoint = { x: this.screen.width / 2, y: this.screen.height / 2 }): void {
    this.look(this.view.zoom(factor, at, Viewport.fit(this.picture, this.screen).scale / 4))
  }

  pan(dx: number, dy: number): void {
    this.look(this.view.pan(dx, dy))
  }

  /** Bring a point of the picture to the middle of the screen. */
  centre({ x, y }: ImagePoint): void {
    const { scale } = this.view
    this.look(new Viewport(scale, this.screen.width / 2 - x * scale, this.screen.height / 2 - y * scale))
  }

  /** Bring a part of the picture on screen if its middle is not there. */
  reveal({ x1, y1, x2, y2 }: Rect): void {
    const middle = { x: (x1 + x2) / 2, y: (y1 + y2) / 2 }
    if (!inside(this.shown, middle)) this.centre(middle)
  }

  private look(view: Viewport): void {
    this.view = view
    this.isFitted = false
    this.tell()
  }

  /** The part of the picture's plane that is on screen. */
  get shown(): Rect {
    return this.view.shown(this.screen)
  }

  /** Whether some of the picture lies off the screen. */
  get isPartial(): boolean {
    const { x1, y1, x2, y2 } = this.shown
    return x1 > 0 || y1 > 0 || x2 < this.picture.width || y2 < this.picture.height
  }
}
