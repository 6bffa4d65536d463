/** The drawing surface: a board, a camera over it, and the tool in hand. It knows pointers and pixels; keys are bound outside. */

import { Board } from "./board"
import { Camera } from "./camera"
import type { DrawnObject, Values } from "./document/document"
import type { Viewport } from "./geometry/viewport"
import { Looking } from "./looking"
import { dragged } from "./picture/greys"
import { Picture, type Shown } from "./picture/picture"
import { Pointers } from "./pointers"
import type { SmartPort } from "./ports"
import { Renderer } from "./render/renderer"
import { Resting } from "./render/resting"
import { sceneOf, type Beneath, type Looks } from "./render/scene"
import { boundsOfShape } from "./shapes"
import { makeTool, type ToolName } from "./tools"
import type { Tool } from "./tools/tool"
import { WindowTool } from "./tools/window"

export interface EditorOptions extends Looks {
  newId: () => string
  jointCountOf: (classId: string) => number
  /** Every pixel has at most one class, as in semantic segmentation. */
  isLayered?: boolean
  /** Seconds of active work since it was last asked. */
  active?: () => number
  /** Objects, selection, settings or tool have changed. What is only looked at differently is told to those who `follow`. */
  onChange: () => void
  smart?: SmartPort
}

/** The mark in the browser's timeline that says that a picture with its objects is on screen. */
const PAINTED = "drawing-painted"
const PATIENCE_MS = 4000

export class Editor extends Looking {
  readonly board: Board
  readonly camera = new Camera(() => this.looked())
  private readonly renderer: Renderer
  private readonly pointers: Pointers
  private readonly watcher: ResizeObserver
  private tool: Tool
  private readonly resting: Resting
  private frame = 0
  private isViewNew = true
  private isLookNew = true
  private isPictureNew = false
  private isPeeking = false
  private beneath: readonly Beneath[] = []
  private beneathVersion = 0
  private showsOwn = true
  toolName: ToolName = "select"
  showsLabels = true

  constructor(
    host: HTMLElement,
    private readonly options: EditorOptions,
  ) {
    super(host)
    this.board = new Board({ changed: () => this.changed(), previewed: () => this.paint(), newId: options.newId, jointCountOf: options.jointCountOf, isLayered: options.isLayered ?? false, active: () => options.active?.() ?? 0, pixels: () => this.picture?.pixels() ?? null, smart: options.smart })
    this.renderer = new Renderer(host)
    this.resting = new Resting(this.renderer, () => this.paint())
    this.tool = makeTool("select", this.board)
    this.watcher = new ResizeObserver(() => this.resize())
    this.watcher.observe(host)
    const tool = () => (this.toolName === "hand" ? null : this.tool)
    this.pointers = new Pointers(host, { camera: this.camera, tool, pressed: options.onChange, moved: () => this.paint() })
    this.resize()
  }

  /** Show a picture with its objects. */
  open(shown: Shown, objects: readonly DrawnObject[], attributes: Values = {}): void {
    this.picture?.destroy()
    this.picture = this.renderer.shows = new Picture(shown, () => this.repaint())
    this.adjust(this.adjustment)
    this.board.load(shown.size, objects, attributes)
    this.isPictureNew = true
    this.setTool(this.toolName)
    this.camera.show(shown.size)
  }

  override get sight(): Viewport | null {
    return this.picture && this.camera.view
  }

  get shown(): Shown | null {
    return this.picture?.shown ?? null
  }

  setTool(name: ToolName): void {
    this.tool.key("Escape")
    this.toolName = name
    this.tool = name === "window" ? new WindowTool((dx, dy) => this.setWindow(dragged(this.window, dx, dy))) : makeTool(name, this.board)
    this.board.settle()
    this.changed()
  }

  /** Take back the last corner of what is being drawn, otherwise the last step. */
  undo(): void {
    if (!this.key("Backspace")) this.board.undo()
  }

  /** Select the next (1) or previous (-1) object, and show it where it is off the screen. */
  cycle(by: 1 | -1): void {
    this.board.cycle(by)
    const [id] = this.board.selection
    const shape = id === undefined ? undefined : this.board.find(id)?.shape
    if (shape) this.camera.reveal(boundsOfShape(shape))
  }

  /** Enter, Escape, Backspace and Space mean something to a tool in the middle of drawing; false if not. */
  key(name: string): boolean {
    const isUsed = this.tool.key(name)
    if (!isUsed && name === "Escape" && this.board.selection.size > 0) {
      this.board.select([])
      return true
    }
    if (isUsed) this.changed()
    return isUsed
  }

  /** Over when the tool in hand waits for nothing that is to be kept, and after a few seconds anyway. */
  async settled(): Promise<void> {
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
    await Promise.race([this.tool.settled?.(), patience])
  }

  /** What the tool in hand shows may be found better by now. */
  again(): void {
    this.tool.again?.()
  }

  /** Which point of a skeleton the tool in hand places next; null if it places none. */
  get nextJoint(): number | null {
    return "next" in this.tool && typeof this.tool.next === "number" ? this.tool.next : null
  }

  /** Where the pointer is on the picture, in whole pixels. */
  get pointer(): { x: number; y: number } | null {
    if (!this.pointers.hover) return null
    const at = this.camera.view.toImage(this.pointers.hover)
    return { x: Math.floor(at.x), y: Math.floor(at.y) }
  }

  /** Whether something has been begun that is not on the picture yet. */
  get isDrawing(): boolean {
    return this.tool.draft !== null || (this.tool.corners?.length ?? 0) > 0 || (this.tool.marks?.length ?? 0) > 0
  }

  /** The size of what is being drawn, in pixels of the picture. */
  get drafted(): { width: number; height: number } | null {
    if (!this.tool.draft || this.toolName === "select") return null
    const { x1, y1, x2, y2 } = boundsOfShape(this.tool.draft)
    return { width: x2 - x1, height: y2 - y1 }
  }

  /** Where a point of the picture lies on the page. */
  onPage(x: number, y: number): { x: number; y: number } {
    const [at, box] = [this.camera.view.toScreen({ x, y }), this.host.getBoundingClientRect()]
    return { x: at.x + box.left, y: at.y + box.top }
  }

  peek(isOn: boolean): void {
    this.isPeeking = isOn
    this.paint()
  }

  /** Show other versions of the drawing below it, which nobody can change here, with the drawing itself or without. */
  lay(beneath: readonly Beneath[], showsOwn: boolean): void {
    this.beneath = beneath
    this.showsOwn = showsOwn
    this.beneathVersion += 1
    this.paint()
  }

  toggleLabels(): void {
    this.showsLabels = !this.showsLabels
    this.paint()
  }

  holdSpace(isOn: boolean): void {
    this.pointers.holdSpace(isOn)
  }

  protected override filtered(css: string): void {
    this.renderer.filter(css)
  }

  destroy(): void {
    this.picture?.destroy()
    this.pointers.destroy()
    this.watcher.disconnect()
    cancelAnimationFrame(this.frame)
    this.resting.stop()
    this.forget()
    this.host.replaceChildren()
  }

  private resize(): void {
    const size = { width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) }
    this.renderer.resize(size)
    this.resting.forget()
    this.camera.resize(size)
  }

  private looked(): void {
    this.isViewNew = true
    this.paint()
  }

  protected override repaint(): void {
    this.isLookNew = true
    this.paint()
  }

  private changed(): void {
    this.paint()
    this.options.onChange()
  }

  private paint(): void {
    this.frame ||= requestAnimationFrame((now) => {
      this.frame = 0
      this.paintNow(now)
      this.tell()
    })
  }

  private paintNow(now: number): void {
    const { board, options, toolName, tool, isPeeking, showsLabels } = this
    const { view } = this.camera
    const isBrush = toolName === "brush" || toolName === "eraser"
    const { hover } = this.pointers
    const brush = isBrush && hover ? { ...view.toImage(hover), radius: board.settings.brushRadius } : null
    const guides = tool.hasGuides && board.settings.showsGuides ? hover : null
    const scene = sceneOf({ board, looks: options, toolName, view, brush, guides, tool, isPeeking, showsLabels, beneath: this.beneath, showsOwn: this.showsOwn })
    if (this.isViewNew || this.isLookNew) this.renderer.paintPicture(view)
    this.isLookNew = false
    this.resting.paint(scene, `${board.version} ${this.beneathVersion} ${isPeeking} ${showsLabels}`, this.isViewNew, now)
    this.isViewNew = false
    this.renderer.paintTop(scene)
    if (this.isPictureNew) performance.mark(PAINTED)
    this.isPictureNew = false
  }
}
