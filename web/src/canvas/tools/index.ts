/** Every tool by name. */

import { BrushTool } from "./brush"
import { boxFrom, DragTool, ellipseFrom } from "./drag"
import { PointsTool, PointTool } from "./points"
import { SelectTool } from "./select"
import type { Bench, Tool } from "./tool"

export const TOOLS = ["select", "hand", "box", "polygon", "ellipse", "polyline", "point", "brush", "eraser"] as const
export type ToolName = (typeof TOOLS)[number]

class HandTool implements Tool {
  readonly cursor = "grab"
  readonly draft = null
  down(): void {}
  move(): void {}
  up(): void {}
  key(): boolean {
    return false
  }
}

const MAKERS: Record<ToolName, (bench: Bench) => Tool> = {
  select: (bench) => new SelectTool(bench),
  hand: () => new HandTool(),
  box: (bench) => new DragTool(bench, boxFrom),
  polygon: (bench) => new PointsTool(bench, (flat) => ({ type: "polygon", rings: [flat] })),
  ellipse: (bench) => new DragTool(bench, ellipseFrom),
  polyline: (bench) => new PointsTool(bench, (points) => ({ type: "polyline", points })),
  point: (bench) => new PointTool(bench),
  brush: (bench) => new BrushTool(bench, 1),
  eraser: (bench) => new BrushTool(bench, 0),
}

export const makeTool = (name: ToolName, bench: Bench): Tool => MAKERS[name](bench)
