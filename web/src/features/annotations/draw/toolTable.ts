/** Which tools a project's task has, and the key of each. */

import { TOOLS, type ToolName } from "../../../canvas"

export const TOOL_KEYS: Record<ToolName, string> = {
  select: "V",
  hand: "H",
  box: "R",
  turnedBox: "Shift+R",
  polygon: "P",
  ellipse: "O",
  polyline: "L",
  point: "J",
  keypoints: "K",
  brush: "B",
  eraser: "E",
  fill: "G",
}

const OUTLINES: readonly ToolName[] = ["select", "hand", "polygon", "ellipse", "brush", "eraser", "fill"]

/** Boxes alone where a model is to find things, outlines where it is to cut them out, points where it is to find their joints. */
const TOOLS_OF: Record<string, readonly ToolName[]> = {
  detection: ["select", "hand", "box", "turnedBox"],
  segmentation: OUTLINES,
  semantic: OUTLINES,
  keypoints: ["select", "hand", "keypoints", "point", "polyline", "box"],
}

export const toolsOf = (task: string): readonly ToolName[] => TOOLS_OF[task] ?? TOOLS
