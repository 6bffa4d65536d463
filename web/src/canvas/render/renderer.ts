/** Paints three layers: the picture, the objects that rest, and what is being worked on. */

import { overlap, type ImagePoint, type ScreenPoint } from "../geometry/points"
import type { Size, Viewport } from "../geometry/viewport"
import { boundsOfShape, kindOf, type Shape } from "../shapes"
import type { Picture } from "../picture/picture"
import type { Mark, Stroke } from "../tools/tool"
import { Layer } from "./layer"
import { paintBrush, paintCorners, paintHandles, paintMarks, paintStroke } from "./overlay"
import { pathOf } from "./paths"
import { paintBefore, paintSuggested } from "./suggested"

export interface Painted {
  id: string
  shape: Shape
  color: string
  label: string
  /** Pairs of points that are joined by a line. */
  edges?: readonly (readonly [number, number])[]
  /** By a model, and undecided: thin and dashed. */
  isSuggested?: boolean
  /** Of an earlier version: a dotted outline that nobody takes for what is there now. */
  isBefore?: boolean
}

export interface Scene {
  view: Viewport
  resting: readonly Painted[]
  /** Selected or being changed: painted stronger, above all others. */
  active: readonly Painted[]
  draft: Painted | null
  /** Shape whose handles are shown. */
  handles: Shape | null
  /** Corners of the draft that stand already; the first may close it. */
  corners: readonly ImagePoint[]
  /** Lines along both axes through this point of the screen. */
  guides: ScreenPoint | null
  brush: { x: number; y: number; radius: number } | null
  stroke: (Stroke & { color: string }) | null
  marks: readonly Mark[]
  showsLabels: boolean
}

const LINE_PX = 1.6
const FEW = 60
/** What is smaller on screen would vanish behind its name. */
const ROOM_PX = 22
const SPECK_PX = 2

export class Renderer {
  private readonly picture: Layer
  private readonly rest: Layer
  private readonly top: Layer
  private size: Size = { width: 1, height: 1 }
  private ratio = 1
  shows: Picture | null = null

  constructor(host: HTMLElement) {
    this.picture = new Layer(host)
    this.rest = new Layer(host)
    this.top = new Layer(host)
  }

  resize(size: Size): void {
    this.size = size
    this.ratio = window.devicePixelRatio || 1
    for (const layer of [this.picture, this.rest, this.top]) layer.resize(size, this.ratio)
  }

  /** CSS filters that change what is seen, never the data. */
  filter(css: string): void {
    this.picture.canvas.style.filter = css
  }

  paintPicture(view: Viewport): void {
    const context = this.picture.begin(view, this.ratio)
    this.shows?.paint(context, view, view.shown(this.size), this.ratio)
  }

  paintResting(scene: Scene): void {
    const context = this.rest.begin(scene.view, this.ratio)
    const shown = scene.view.shown(this.size)
    const visible = scene.resting.filter(({ shape }) => overlap(boundsOfShape(shape), shown))
    for (const object of visible) paintObject(context, object, scene.view.scale, false)
    if (scene.showsLabels && visible.length <= FEW) for (const object of visible) if (isRoomy(object, scene.view)) this.paintLabel(context, object, scene.view)
  }

  /** What rests, as it was painted last, under another view. */
  moveResting(view: Viewport): void {
    this.rest.move(view, this.ratio)
  }

  paintTop(scene: Scene): void {
    const context = this.top.begin(scene.view, this.ratio)
    const { scale } = scene.view
    for (const object of scene.active) paintObject(context, object, scale, true)
    if (scene.stroke) paintStroke(context, scene.stroke)
    for (const object of scene.active) this.paintLabel(context, object, scene.view)
    if (scene.draft) paintObject(context, scene.draft, scale, true)
    paintCorners(context, scene.corners, scale)
    paintMarks(context, scene.marks, scale)
    if (scene.guides) this.paintGuides(context, scene.guides)
    if (scene.handles) paintHandles(context, scene.handles, scale)
    if (scene.brush) paintBrush(context, scene.brush, scale)
  }

  /** Two lines over the whole screen, dark on light and light on dark pictures. */
  private paintGuides(context: CanvasRenderingContext2D, { x, y }: ScreenPoint): void {
    context.save()
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    context.lineWidth = 1
    for (const [color, dash] of [
      ["rgba(0,0,0,.55)", []],
      ["rgba(255,255,255,.75)", [4, 4]],
    ] as const) {
      context.strokeStyle = color
      context.setLineDash([...dash])
      context.beginPath()
      context.moveTo(Math.round(x) + 0.5, 0)
      context.lineTo(Math.round(x) + 0.5, this.size.height)
      context.moveTo(0, Math.round(y) + 0.5)
      context.lineTo(this.size.width, Math.round(y) + 0.5)
      context.stroke()
    }
    context.restore()
  }

  private paintLabel(context: CanvasRenderingContext2D, { shape, color, label, isBefore = false, isSuggested = isBefore }: Painted, view: Viewport): void {
    if (!label) return
    const bounds = boundsOfShape(shape)
    const at = view.toScreen({ x: bounds.x1, y: bounds.y1 })
    context.save()
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    context.font = "600 11px system-ui, sans-serif"
    const width = context.measureText(label).width + 8
    const y = at.y < 16 ? at.y : at.y - 15
    context.fillStyle = isSuggested ? "rgba(255,253,249,.9)" : color
    context.fillRect(at.x - 1, y, width, 15)
    if (isSuggested) {
      context.strokeStyle = color
      context.setLineDash([3, 2])
      context.strokeRect(at.x - 0.5, y + 0.5, width - 1, 14)
    }
    context.fillStyle = isSuggested || isLight(color) ? "#1d1a17" : "#fffdf9"
    context.fillText(label, at.x + 3, y + 11)
    context.restore()
  }
}

function isRoomy({ shape }: Painted, { scale }: Viewport): boolean {
  const { x1, y1, x2, y2 } = boundsOfShape(shape)
  return shape.type === "point" || Math.max(x2 - x1, y2 - y1) * scale >= ROOM_PX
}

function isLight(color: string): boolean {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16))
  return 0.299 * (r ?? 0) + 0.587 * (g ?? 0) + 0.114 * (b ?? 0) > 150
}

/** Paints one object, in pixels of the picture. */
export function paintObject(context: CanvasRenderingContext2D, painted: Painted, scale: number, isActive: boolean): void {
  if (painted.isBefore) paintBefore(context, painted, scale)
  else if (painted.isSuggested) paintSuggested(context, painted, scale, isActive)
  else paintDrawn(context, painted, scale, isActive)
}

function paintDrawn(context: CanvasRenderingContext2D, { shape, color, edges }: Painted, scale: number, isActive: boolean): void {
  if (!isActive && paintSpeck(context, shape, color, scale)) return
  kindOf(shape).paint?.(shape, context, color, isActive)
  if (shape.type === "mask") return
  if (shape.type === "keypoints") paintSkeleton(context, shape.points, edges ?? [], color, scale)
  const path = pathOf(shape, scale)
  if (shape.type !== "polyline") {
    context.globalAlpha = isActive ? 0.22 : 0.1
    context.fillStyle = color
    context.fill(path, "evenodd")
    context.globalAlpha = 1
  }
  if (isActive) {
    context.strokeStyle = "rgba(255,255,255,.85)"
    context.lineWidth = (LINE_PX + 2.4) / scale
    context.stroke(path)
  }
  context.strokeStyle = color
  context.lineWidth = LINE_PX / scale
  context.stroke(path)
}

/** What would be under two pixels of the screen is one dot there, whatever its kind; false if it is larger, or has no size at any scale. */
function paintSpeck(context: CanvasRenderingContext2D, shape: Shape, color: string, scale: number): boolean {
  const { x1, y1, x2, y2 } = boundsOfShape(shape)
  const size = Math.max(x2 - x1, y2 - y1)
  if (size === 0 || size * scale >= SPECK_PX) return false
  context.fillStyle = color
  context.fillRect(x1, y1, SPECK_PX / scale, SPECK_PX / scale)
  return true
}

function paintSkeleton(context: CanvasRenderingContext2D, points: readonly (readonly [number, number, number])[], edges: readonly (readonly [number, number])[], color: string, scale: number): void {
  context.beginPath()
  for (const [from, to] of edges) {
    const [a, b] = [points[from], points[to]]
    if (!a || !b || a[2] === 0 || b[2] === 0) continue
    context.moveTo(a[0], a[1])
    context.lineTo(b[0], b[1])
  }
  context.strokeStyle = color
  context.lineWidth = LINE_PX / scale
  context.stroke()
}
