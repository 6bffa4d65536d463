/** What is to be painted now: a board, a view and the tool in hand as a list of coloured shapes. */

import type { Board } from "../board"
import { inOrder, type DrawnObject } from "../document/document"
import type { Viewport } from "../geometry/viewport"
import type { Shape } from "../shapes"
import type { ToolName } from "../tools"
import type { Painted, Scene } from "./renderer"

interface Seen {
  board: Board
  options: { colorOf: (classId: string) => string; labelOf: (classId: string) => string }
  view: Viewport
  toolName: ToolName
  draft: Shape | null
  brush: Scene["brush"]
  isPeeking: boolean
  showsLabels: boolean
}

const MARQUEE = "#756c60"

export function sceneOf({ board, options, view, toolName, draft, brush, isPeeking, showsLabels }: Seen): Scene {
  const nothing: Scene = { view, resting: [], active: [], draft: null, handles: null, brush: null, showsLabels: false }
  if (isPeeking) return nothing
  const shown = inOrder(board.objects).filter(({ id }) => !board.hidden.has(id))
  const painted = (object: DrawnObject): Painted => ({
    id: object.id,
    shape: board.previews.get(object.id) ?? object.shape,
    color: options.colorOf(object.class_id),
    label: options.labelOf(object.class_id),
  })
  const isActive = ({ id }: DrawnObject) => board.selection.has(id) || board.previews.has(id)
  const active = shown.filter(isActive).map(painted)
  return {
    ...nothing,
    resting: shown.filter((object) => !isActive(object)).map(painted),
    active,
    draft: draft && { shape: draft, color: toolName === "select" ? MARQUEE : options.colorOf(board.classId ?? "") },
    handles: toolName === "select" && active.length === 1 ? (active[0]?.shape ?? null) : null,
    brush,
    showsLabels,
  }
}
