/** How a picture is looked at: brightness, contrast, gamma and a window; the picture itself never changes. */

import type { Viewport } from "./geometry/viewport"
import type { Picture } from "./picture/picture"
import { filterOf, PLAIN, type Adjustment } from "./render/adjust"

export abstract class Looking {
  picture: Picture | null = null
  adjustment: Adjustment = PLAIN
  private readonly followers = new Set<() => void>()

  constructor(protected readonly host: HTMLElement) {}

  /** Which part of the picture is on screen, for whoever lays something over it; null while there is none. */
  abstract get sight(): Viewport | null

  /** Show the picture through these CSS filters. */
  protected abstract filtered(css: string): void
  protected abstract repaint(): void

  /** Be told, once a frame, that the view or the pointer has moved or the picture was painted; the result stops it. */
  follow(run: () => void): () => void {
    this.followers.add(run)
    return () => this.followers.delete(run)
  }

  protected tell(): void {
    for (const run of this.followers) run()
  }

  protected forget(): void {
    this.followers.clear()
  }

  /** What is seen of the picture, never the picture itself; it stays for the next one. */
  adjust(adjustment: Adjustment): void {
    this.adjustment = adjustment
    this.picture?.look(adjustment.valueWindow)
    this.filtered(filterOf(this.host, adjustment, !this.picture?.display))
    this.repaint()
  }

  /** The window through which the picture is seen now: of its values, or of bytes from 0 to 255. */
  get window(): readonly [number, number] {
    const { valueWindow, byteWindow } = this.adjustment
    return this.picture?.display ? (valueWindow ?? this.picture.ownWindow) : (byteWindow ?? [0, 255])
  }

  /** Another window; null is the picture's own. */
  setWindow(window: readonly [number, number] | null): void {
    this.adjust({ ...this.adjustment, [this.picture?.display ? "valueWindow" : "byteWindow"]: window })
  }
}
