/** Paints what rests only when it must: when it changed, or is looked at differently and there is time to paint it. */

import { Pace } from "./pace"
import type { Renderer, Scene } from "./renderer"

export class Resting {
  private readonly pace: Pace
  private painted = ""

  /** `repaint` is called once the view has come to rest and what was only moved is to be painted. */
  constructor(
    private readonly renderer: Renderer,
    repaint: () => void,
  ) {
    this.pace = new Pace(() => {
      this.forget()
      repaint()
    })
  }

  /** Nothing that was painted stands any more. */
  forget(): void {
    this.painted = ""
  }

  stop(): void {
    this.pace.stop()
  }

  /** `version` says what rests, `isViewNew` whether another part of it is to be shown, in the frame of `now`. */
  paint(scene: Scene, version: string, isViewNew: boolean, now: number): void {
    if (version === this.painted && !isViewNew) return
    if (version !== this.painted || this.pace.hasTime(now)) {
      this.renderer.paintResting(scene)
      requestAnimationFrame((next) => this.pace.note(now, next))
    } else this.renderer.moveResting(scene.view)
    this.painted = version
  }
}
