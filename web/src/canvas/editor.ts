/** The drawing surface: a board, a view of it, and the tool in hand. It knows pointers and pixels; keys are bound outside. */

import { Board } from "./board"
import type { DrawnObject } from "./document/document"
import type { ScreenPoint } from "./geometry/points"
import { Viewport, type Size } from "./geometry/viewport"
import { filterOf, type Adjustment } from "./render/adjust"
import { Renderer } from "./render/renderer"
import { sceneOf } from "./render/scene"
import { makeTool, type ToolName } from "./tools"
import type { Pointer, Tool } from "./tools/tool"

export interface EditorOptions {
  colorOf: (classId: string) => string
  labelOf: (classId: string) => string
  newId: () => string
  /** Objects, selection, tool or view have changed. */
  onChange: () => void
  onPointer: () => void
}

const WHEEL = 1.0016
const DOUBLE_MS = 350

export class Editor {
  readonly board: Board
  private readonly renderer: Renderer
  private readonly watcher: ResizeObserver
  private readonly stop = new AbortController()
  private tool: Tool
  private view = new Viewport(1, 0, 0)
  private size: Size = { width: 1, height: 1 }
  private hover: ScreenPoint | null = null
  private pan: { id: number; last: ScreenPoint } | null = null
  private lastDown = { at: 0, x: 0, y: 0 }
  private frame = 0
  private isFitted = true
  private isViewNew = true
  private isPeeking = false
  private isSpaceDown = false
  private paintedKey = ""
  toolName: ToolName = "select"
  showsLabels = true

  constructor(
    private readonly host: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    this.board = new Board(() => this.changed(), options.newId)
    this.renderer = new Renderer(host)
    this.tool = makeTool("select", this.board)
    this.watcher = new ResizeObserver(() => this.resize())
    this.watcher.observe(host)
    host.style.touchAction = "none"
    this.listen()
    this.resize()
  }

  private listen(): void {
    const { signal } = this.stop
    const on = <K extends keyof HTMLElementEventMap>(name: K, run: (event: HTMLElementEventMap[K]) => void) =>
      this.host.addEventListener(name, run, { signal, passive: false })
    on("pointerdown", (event) => this.down(event))
    on("pointermove", (event) => this.move(event))
    on("pointerup", (event) => this.up(event))
    on("pointercancel", (event) => this.up(event))
    on("pointerleave", () => {
      this.hover = null
      this.paint()
      this.options.onPointer()
    })
    on("wheel", (event) => {
      event.preventDefault()
      this.zoom(WHEEL ** -event.deltaY, this.place(event))
    })
    on("contextmenu", (event) => event.preventDefault())
  }

  /** Show a picture with its objects; the size is that of the upright original, whatever is shown of it. */
  open(source: CanvasImageSource, size: Size, objects: readonly DrawnObject[]): void {
    this.renderer.image = { source, size }
    this.board.load(size, objects)
    this.setTool(this.toolName)
    this.fit()
  }

  setTool(name: ToolName): void {
    this.tool.key("Escape")
    this.toolName = name
    this.tool = makeTool(name, this.board)
    this.changed()
  }

  /** Enter, Escape and Backspace mean something to a tool in the middle of drawing; false if not. */
  key(name: string): boolean {
    const isUsed = this.tool.key(name)
    if (!isUsed && name === "Escape" && this.board.selection.size > 0) {
      this.board.select([])
      return true
    }
    this.changed()
    return isUsed
  }

  fit(): void {
    this.isFitted = true
    this.look(Viewport.fit({ width: this.board.width, height: this.board.height }, this.size))
  }

  /** Zoom at a point of the screen, by default its middle. */
  zoom(factor: number, at: ScreenPoint = { x: this.size.width / 2, y: this.size.height / 2 }): void {
    this.isFitted = false
    const least = Viewport.fit({ width: this.board.width, height: this.board.height }, this.size).scale / 4
    this.look(this.view.zoom(factor, at, least))
  }

  get scale(): number {
    return this.view.scale
  }

  /** Where the pointer is on the picture, in whole pixels. */
  get pointer(): { x: number; y: number } | null {
    if (!this.hover) return null
    const at = this.view.toImage(this.hover)
    return { x: Math.floor(at.x), y: Math.floor(at.y) }
  }

  /** Where a point of the picture lies on the page. */
  onPage(x: number, y: number): { x: number; y: number } {
    const [at, box] = [this.view.toScreen({ x, y }), this.host.getBoundingClientRect()]
    return { x: at.x + box.left, y: at.y + box.top }
  }

  peek(isOn: boolean): void {
    this.isPeeking = isOn
    this.paint()
  }

  toggleLabels(): void {
    this.showsLabels = !this.showsLabels
    this.paint()
  }

  holdSpace(isOn: boolean): void {
    this.isSpaceDown = isOn
    this.host.style.cursor = isOn ? "grab" : this.tool.cursor
  }

  adjust(adjustment: Adjustment): void {
    this.renderer.filter(filterOf(this.host, adjustment))
  }

  destroy(): void {
    this.stop.abort()
    this.watcher.disconnect()
    cancelAnimationFrame(this.frame)
    this.host.replaceChildren()
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host
    this.size = { width: Math.max(1, width), height: Math.max(1, height) }
    this.renderer.resize(this.size)
    if (this.isFitted) this.fit()
    else this.look(this.view)
  }

  private look(view: Viewport): void {
    this.view = view
    this.isViewNew = true
    this.changed()
  }

  private place(event: MouseEvent): ScreenPoint {
    const box = this.host.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  private pointerOf(event: PointerEvent, isDouble = false): Pointer {
    return { at: this.view.toImage(this.place(event)), pixel: 1 / this.view.scale, shift: event.shiftKey, alt: event.altKey, isDouble }
  }

  private down(event: PointerEvent): void {
    const at = this.place(event)
    this.host.setPointerCapture(event.pointerId)
    if (event.button === 1 || this.isSpaceDown || (event.button === 0 && this.toolName === "hand")) {
      this.pan = { id: event.pointerId, last: at }
    } else if (event.button === 0) {
      const isNear = Math.hypot(at.x - this.lastDown.x, at.y - this.lastDown.y) < 5
      const isDouble = isNear && event.timeStamp - this.lastDown.at < DOUBLE_MS
      this.lastDown = { at: isDouble ? 0 : event.timeStamp, ...at }
      this.tool.down(this.pointerOf(event, isDouble))
    }
    this.changed()
  }

  private move(event: PointerEvent): void {
    const at = this.place(event)
    this.hover = at
    if (this.pan?.id === event.pointerId) {
      this.isFitted = false
      const { last } = this.pan
      this.pan.last = at
      this.look(this.view.pan(at.x - last.x, at.y - last.y))
      return
    }
    const pointer = this.pointerOf(event)
    this.tool.move(pointer)
    if (!this.isSpaceDown) this.host.style.cursor = this.tool.cursorAt?.(pointer) ?? this.tool.cursor
    this.paint()
    this.options.onPointer()
  }

  private up(event: PointerEvent): void {
    if (this.pan?.id === event.pointerId) this.pan = null
    else if (event.button === 0) this.tool.up(this.pointerOf(event))
    this.changed()
  }

  private changed(): void {
    this.paint()
    this.options.onChange()
  }

  private paint(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      this.paintNow()
    })
  }

  private paintNow(): void {
    const { board, options, toolName, view } = this
    const brush = (toolName === "brush" || toolName === "eraser") && this.hover ? { ...view.toImage(this.hover), radius: board.brushRadius } : null
    const scene = sceneOf({ board, options, toolName, view, brush, draft: this.tool.draft, isPeeking: this.isPeeking, showsLabels: this.showsLabels })
    if (this.isViewNew) this.renderer.paintPicture(this.view)
    // What rests is painted anew only when it changed: moving the pointer over 2,000 boxes paints none of them.
    const key = `${this.board.version} ${this.isPeeking} ${this.showsLabels}`
    if (this.isViewNew || key !== this.paintedKey) this.renderer.paintResting(scene)
    this.paintedKey = key
    this.isViewNew = false
    this.renderer.paintTop(scene)
  }
}
