/** The drawing engine: plain TypeScript, no framework, no network. */

export { Editor, type EditorOptions, type Shown } from "./editor"
export { MiniMap } from "./render/minimap"
export { paintStill } from "./render/still"
export type { Looks } from "./render/scene"
export { PLAIN, type Adjustment } from "./render/adjust"
export type { DrawnObject, Objects } from "./document/document"
export { areSame, isSame, merged } from "./document/merge"
export { TOOLS, type ToolName } from "./tools"
export type { ToolSettings } from "./tools/tool"
export type { Shape } from "./shapes"
