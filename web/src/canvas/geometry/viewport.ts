import type { ImagePoint, Rect, ScreenPoint } from "./points"

export interface Size {
  width: number
  height: number
}

const MOST = 64

/** Which part of the picture is on screen: `scale` screen pixels show one of the picture, whose corner lies at x, y. */
export class Viewport {
  constructor(
    readonly scale: number,
    readonly x: number,
    readonly y: number,
  ) {}

  /** The whole picture, in the middle, with a small margin. */
  static fit(picture: Size, screen: Size, margin = 12): Viewport {
    const scale = Math.max(1e-3, Math.min((screen.width - 2 * margin) / picture.width, (screen.height - 2 * margin) / picture.height))
    return new Viewport(scale, (screen.width - picture.width * scale) / 2, (screen.height - picture.height * scale) / 2)
  }

  toScreen(p: ImagePoint): ScreenPoint {
    return { x: p.x * this.scale + this.x, y: p.y * this.scale + this.y }
  }

  toImage(p: ScreenPoint): ImagePoint {
    return { x: (p.x - this.x) / this.scale, y: (p.y - this.y) / this.scale }
  }

  /** Zoom by `factor`; what lies under `at` stays there. */
  zoom(factor: number, at: ScreenPoint, least: number): Viewport {
    const scale = Math.min(Math.max(this.scale * factor, least), MOST)
    const by = scale / this.scale
    return new Viewport(scale, at.x - (at.x - this.x) * by, at.y - (at.y - this.y) * by)
  }

  pan(dx: number, dy: number): Viewport {
    return new Viewport(this.scale, this.x + dx, this.y + dy)
  }

  /** The part of the picture's plane that the screen shows. */
  shown(screen: Size): Rect {
    const [a, b] = [this.toImage({ x: 0, y: 0 }), this.toImage({ x: screen.width, y: screen.height })]
    return { x1: a.x, y1: a.y, x2: b.x, y2: b.y }
  }
}
