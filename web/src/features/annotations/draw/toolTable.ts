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

/** Boxes alone where a model is to find things, outlines where it is to cut them out, paint where it is to tell areas apart, points where it is to find joints. */
const TOOLS_OF: Record<string, readonly ToolName[]> = {
  detection: ["select", "hand", "box", "turnedBox"],
  segmentation: OUTLINES,
  semantic: ["select", "hand", "brush", "eraser", "fill", "polygon", "ellipse"],
  keypoints: ["select", "hand", "keypoints", "point", "polyline", "box"],
}

/** In a semantic project every pixel has one class at most: what is painted is taken from other classes. */
export const isLayered = (task: string): boolean => task === "semantic"

export const toolsOf = (task: string): readonly ToolName[] => TOOLS_OF[task] ?? TOOLS
