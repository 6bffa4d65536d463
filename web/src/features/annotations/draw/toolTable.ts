/** Which tools a project's task has. */

import { TOOLS, type Form, type ToolName } from "../../../canvas"

const OUTLINES: readonly ToolName[] = ["select", "hand", "window", "polygon", "ellipse", "brush", "eraser", "fill", "smart"]

/** Boxes alone where a model is to find things, outlines where it is to cut them out, paint where it is to tell areas apart, points where it is to find joints. */
const TOOLS_OF: Record<string, readonly ToolName[]> = {
  multi_label: ["hand", "window"],
  detection: ["select", "hand", "window", "box", "turnedBox", "smart"],
  segmentation: OUTLINES,
  semantic: ["select", "hand", "window", "brush", "eraser", "fill", "polygon", "ellipse", "smart"],
  keypoints: ["select", "hand", "window", "keypoints", "point", "polyline", "box"],
}

/** In a semantic project every pixel has one class at most: what is painted is taken from other classes. */
export const isLayered = (task: string): boolean => task === "semantic"

export const toolsOf = (task: string): readonly ToolName[] => TOOLS_OF[task] ?? TOOLS

/** What the smart tool may make of what it finds, the usual first. */
const FORMS_OF: Record<string, readonly Form[]> = { detection: ["box"], semantic: ["mask"] }

export const formsOf = (task: string): readonly Form[] => FORMS_OF[task] ?? ["polygon", "mask"]

/** What whoever opens the page most likely wants to do: draw. */
export const firstToolOf = (tools: readonly ToolName[]): ToolName => tools.find((name) => name !== "select" && name !== "hand" && name !== "window") ?? tools[0] ?? "select"
