/** Every tool by name. */

import { BoxTool, ClicksTool, turnedBox } from "./boxes"
import { BrushTool } from "./brush"
import { DragTool, ellipseFrom } from "./drag"
import { FillTool } from "./fill"
import { KeypointsTool } from "./keypoints"
import { PointsTool, PointTool } from "./points"
import { SelectTool } from "./select"
import { SmartTool } from "./smart"
import type { Bench, Tool } from "./tool"

export const TOOLS = ["select", "hand", "box", "turnedBox", "polygon", "ellipse", "polyline", "point", "keypoints", "brush", "eraser", "fill", "smart", "window"] as const
export type ToolName = (typeof TOOLS)[number]

/** What is done with the view is not for tools. */
class NoTool implements Tool {
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
  hand: () => new NoTool(),
  window: () => new NoTool(),
  box: (bench) => new BoxTool(bench),
  turnedBox: (bench) => new ClicksTool(bench, 3, turnedBox),
  polygon: (bench) => new PointsTool(bench, (flat) => ({ type: "polygon", rings: [flat] })),
  ellipse: (bench) => new DragTool(bench, ellipseFrom),
  polyline: (bench) => new PointsTool(bench, (points) => ({ type: "polyline", points })),
  point: (bench) => new PointTool(bench),
  keypoints: (bench) => new KeypointsTool(bench),
  brush: (bench) => new BrushTool(bench, false),
  eraser: (bench) => new BrushTool(bench, true),
  fill: (bench) => new FillTool(bench),
  smart: (bench) => new SmartTool(bench),
}

export const makeTool = (name: ToolName, bench: Bench): Tool => MAKERS[name](bench)
