/** Presses, moves, fingers and turns of the wheel on the surface, as what they mean: drag the view, use the tool in hand, zoom. */

import type { Camera } from "./camera"
import type { ScreenPoint } from "./geometry/points"
import { Pinch } from "./pinch"
import type { Pointer, Tool } from "./tools/tool"
import { zoomOf } from "./wheel"

export interface Handled {
  readonly camera: Camera
  /** The tool in hand; null where pressing drags the view. */
  tool: () => Tool | null
  /** The tool was pressed. */
  pressed: () => void
  /** Something on the surface may look different. */
  moved: () => void
}

const DOUBLE_MS = 350
const DOUBLE_PX = 5
const MIDDLE = 1
const SECOND = 2

export class Pointers {
  /** Where the pointer is on the surface; null if it is elsewhere. */
  hover: ScreenPoint | null = null
  private readonly stop = new AbortController()
  private readonly pinch: Pinch
  private drag: { id: number; last: ScreenPoint } | null = null
  /** The one pointer that holds the tool. */
  private holder: number | null = null
  private lastDown = { at: 0, x: 0, y: 0 }
  private isSpaceDown = false

  constructor(
    private readonly host: HTMLElement,
    private readonly surface: Handled,
  ) {
    const { signal } = this.stop
    const on = <K extends keyof HTMLElementEventMap>(name: K, run: (event: HTMLElementEventMap[K]) => void) => host.addEventListener(name, run, { signal, passive: false })
    host.style.touchAction = "none"
    this.pinch = new Pinch(surface.camera)
    on("pointerdown", (event) => this.down(event))
    on("pointermove", (event) => this.move(event))
    on("pointerup", (event) => this.up(event))
    on("pointercancel", (event) => this.cancel(event))
    on("pointerleave", () => {
      this.hover = null
      surface.moved()
    })
    on("wheel", (event) => {
      event.preventDefault()
      if (event.shiftKey && !event.ctrlKey) surface.camera.pan(-(event.deltaX || event.deltaY), 0)
      else surface.camera.zoom(zoomOf(event), this.place(event))
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
    if (event.pointerType === "touch" && this.pinch.down(event.pointerId, at)) this.letGo()
    else if (event.button === MIDDLE || this.isSpaceDown || (event.button === 0 && !tool)) this.grab(event, at)
    else if (tool && this.holder === null && (event.button === 0 || (event.button === SECOND && tool.usesSecond))) {
      this.hover = at
      this.press(event, tool, this.pointerOf(event, this.isDouble(event, at)))
    }
    this.surface.moved()
  }

  private press(event: PointerEvent, tool: Tool, pointer: Pointer): void {
    if (pointer.isDouble && !pointer.isSecond && tool.isFreeAt?.(pointer)) {
      this.surface.camera.fit()
      return
    }
    this.holder = event.pointerId
    tool.down(pointer)
    this.surface.pressed()
  }

  private grab(event: PointerEvent, at: ScreenPoint): void {
    this.drag = { id: event.pointerId, last: at }
    if (this.isDouble(event, at) && event.button === 0) this.surface.camera.fit()
  }

  private isDouble(event: PointerEvent, at: ScreenPoint): boolean {
    const isNear = Math.hypot(at.x - this.lastDown.x, at.y - this.lastDown.y) < DOUBLE_PX
    const isDouble = isNear && event.timeStamp - this.lastDown.at < DOUBLE_MS
    this.lastDown = { at: isDouble ? 0 : event.timeStamp, ...at }
    return isDouble
  }

  /** What the first finger began was not meant: there are two now. */
  private letGo(): void {
    if (this.holder !== null) this.surface.tool()?.key("Escape")
    this.holder = this.drag = null
  }

  private move(event: PointerEvent): void {
    const at = this.place(event)
    this.hover = at
    if (this.pinch.move(event.pointerId, at)) return
    if (this.drag?.id === event.pointerId) {
      const { last } = this.drag
      this.drag.last = at
      this.surface.camera.pan(at.x - last.x, at.y - last.y)
      return
    }
    if (this.holder !== null && this.holder !== event.pointerId) return
    const tool = this.surface.tool()
    const pointer = this.pointerOf(event)
    tool?.move(pointer)
    if (!this.isSpaceDown) this.host.style.cursor = tool ? (tool.cursorAt?.(pointer) ?? tool.cursor) : "grab"
    this.surface.moved()
  }

  private up(event: PointerEvent): void {
    this.pinch.up(event.pointerId)
    if (this.drag?.id === event.pointerId) this.drag = null
    else if (this.holder === event.pointerId) {
      this.holder = null
      if (event.button === 0) this.surface.tool()?.up(this.pointerOf(event))
    }
    this.surface.moved()
  }

  /** The system took the pointer away: nothing of the gesture counts. */
  private cancel(event: PointerEvent): void {
    this.pinch.up(event.pointerId)
    if (this.drag?.id === event.pointerId || this.holder === event.pointerId) this.letGo()
    this.surface.moved()
  }
}
