/** Presses, moves and turns of the wheel on the surface, as what they mean: drag the view, use the tool in hand, zoom. */

import type { Camera } from "./camera"
import type { ScreenPoint } from "./geometry/points"
import type { Pointer, Tool } from "./tools/tool"

export interface Handled {
  readonly camera: Camera
  /** The tool in hand; null where pressing drags the view. */
  tool: () => Tool | null
  /** The tool was pressed. */
  pressed: () => void
  /** Something on the surface may look different. */
  moved: () => void
}

const WHEEL = 1.0016
const DOUBLE_MS = 350
const DOUBLE_PX = 5
const MIDDLE = 1
const SECOND = 2

export class Pointers {
  /** Where the pointer is on the surface; null if it is elsewhere. */
  hover: ScreenPoint | null = null
  private readonly stop = new AbortController()
  private drag: { id: number; last: ScreenPoint } | null = null
  private lastDown = { at: 0, x: 0, y: 0 }
  private isSpaceDown = false

  constructor(
    private readonly host: HTMLElement,
    private readonly surface: Handled,
  ) {
    const { signal } = this.stop
    const on = <K extends keyof HTMLElementEventMap>(name: K, run: (event: HTMLElementEventMap[K]) => void) => host.addEventListener(name, run, { signal, passive: false })
    host.style.touchAction = "none"
    on("pointerdown", (event) => this.down(event))
    on("pointermove", (event) => this.move(event))
    on("pointerup", (event) => this.up(event))
    on("pointercancel", (event) => this.up(event))
    on("pointerleave", () => {
      this.hover = null
      surface.moved()
    })
    on("wheel", (event) => {
      event.preventDefault()
      surface.camera.zoom(WHEEL ** -event.deltaY, this.place(event))
    })
    on("contextmenu", (event) => event.preventDefault())
  }

  /** While Space is held, pressing drags the view. */
  holdSpace(isOn: boolean): void {
    this.isSpaceDown = isOn
    this.host.style.cursor = isOn ? "grab" : (this.surface.tool()?.cursor ?? "grab")
  }

  destroy(): void {
    this.stop.abort()
  }

  private place(event: MouseEvent): ScreenPoint {
    const box = this.host.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  private pointerOf(event: PointerEvent, isDouble = false): Pointer {
    const { view } = this.surface.camera
    return { at: view.toImage(this.place(event)), pixel: 1 / view.scale, shift: event.shiftKey, alt: event.altKey, isDouble, isSecond: event.button === SECOND }
  }

  private down(event: PointerEvent): void {
    const at = this.place(event)
    const tool = this.surface.tool()
    this.host.setPointerCapture(event.pointerId)
    if (event.button === MIDDLE || this.isSpaceDown || (event.button === 0 && !tool)) {
      this.drag = { id: event.pointerId, last: at }
    } else if (tool && (event.button === 0 || (event.button === SECOND && tool.usesSecond))) {
      const isNear = Math.hypot(at.x - this.lastDown.x, at.y - this.lastDown.y) < DOUBLE_PX
      const isDouble = isNear && event.timeStamp - this.lastDown.at < DOUBLE_MS
      this.lastDown = { at: isDouble ? 0 : event.timeStamp, ...at }
      tool.down(this.pointerOf(event, isDouble))
      this.surface.pressed()
    }
    this.surface.moved()
  }

  private move(event: PointerEvent): void {
    const at = this.place(event)
    this.hover = at
    if (this.drag?.id === event.pointerId) {
      const { last } = this.drag
      this.drag.last = at
      this.surface.camera.pan(at.x - last.x, at.y - last.y)
      return
    }
    const tool = this.surface.tool()
    const pointer = this.pointerOf(event)
    tool?.move(pointer)
    if (!this.isSpaceDown) this.host.style.cursor = tool ? (tool.cursorAt?.(pointer) ?? tool.cursor) : "grab"
    this.surface.moved()
  }

  private up(event: PointerEvent): void {
    if (this.drag?.id === event.pointerId) this.drag = null
    else if (event.button === 0) this.surface.tool()?.up(this.pointerOf(event))
    this.surface.moved()
  }
}
