/** What is to be painted now: a board, a view and the tool in hand as a list of coloured shapes. */

import type { Board } from "../board"
import { inOrder, type DrawnObject } from "../document/document"
import { isUnseen } from "../document/whole"
import type { Viewport } from "../geometry/viewport"
import type { ToolName } from "../tools"
import type { Tool } from "../tools/tool"
import type { Painted, Scene } from "./renderer"

/** How objects of a class look. */
export interface Looks {
  colorOf: (classId: string) => string
  labelOf: (classId: string) => string
  /** Pairs of points of its skeleton that are joined by a line. */
  edgesOf: (classId: string) => readonly (readonly [number, number])[]
}

/** An object of another version of the drawing: what was there before, or what a model suggests. */
export interface Beneath {
  object: DrawnObject
  kind: "before" | "suggested"
}

interface Seen {
  board: Board
  looks: Looks
  view: Viewport
  toolName: ToolName
  tool: Tool
  brush: Scene["brush"]
  guides: Scene["guides"]
  isPeeking: boolean
  showsLabels: boolean
  beneath: readonly Beneath[]
  showsOwn: boolean
}

const MARQUEE = "#756c60"

export function paintedOf({ id, class_id, shape }: DrawnObject, looks: Looks): Painted {
  const painted = { id, shape, color: looks.colorOf(class_id), label: looks.labelOf(class_id) }
  return shape.type === "keypoints" ? { ...painted, edges: looks.edgesOf(class_id) } : painted
}

export function sceneOf({ board, looks, view, toolName, tool, brush, guides, isPeeking, showsLabels, beneath, showsOwn }: Seen): Scene {
  const nothing: Scene = { view, resting: [], active: [], draft: null, handles: null, corners: [], marks: [], guides: null, brush: null, stroke: null, showsLabels: false }
  if (isPeeking) return nothing
  const scene: Scene = { ...nothing, brush, guides, showsLabels, corners: tool.corners ?? [] }
  const below = beneath.filter(({ object }) => !isUnseen(object)).map(({ object, kind }): Painted => ({ ...paintedOf(object, looks), ...(kind === "suggested" ? { isSuggested: true } : { isBefore: true }) }))
  if (!showsOwn) return { ...scene, resting: below }
  const [resting, active]: [Painted[], Painted[]] = [below, []]
  for (const object of inOrder(board.objects)) {
    if (board.hidden.has(object.id) || isUnseen(object)) continue
    const preview = board.previews.get(object.id)
    const isActive = preview !== undefined || board.selection.has(object.id)
    ;(isActive ? active : resting).push(paintedOf(preview ? { ...object, shape: preview } : object, looks))
  }
  for (const object of inOrder(board.proposals)) {
    const preview = board.previews.get(object.id)
    const isActive = preview !== undefined || board.selection.has(object.id)
    const painted = paintedOf(preview ? { ...object, shape: preview } : object, looks)
    ;(isActive ? active : resting).push({ ...painted, label: `${painted.label} ${Math.round(100 * (board.scoreOf(object.id) ?? 0))} %`, isSuggested: true })
  }
  const classId = board.classId ?? ""
  const color = toolName === "select" ? MARQUEE : looks.colorOf(classId)
  return {
    ...scene,
    resting,
    active,
    draft: tool.draft && { id: "", label: "", shape: tool.draft, color, edges: looks.edgesOf(classId) },
    handles: toolName === "select" && active.length === 1 ? (active[0]?.shape ?? null) : null,
    marks: tool.marks ?? [],
    stroke: tool.stroke ? { ...tool.stroke, color: looks.colorOf(classId) } : null,
  }
}
