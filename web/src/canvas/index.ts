/** The drawing engine: plain TypeScript, no framework, no network. */

export { Editor, type EditorOptions } from "./editor"
export { PLAIN, type Adjustment } from "./render/adjust"
export type { DrawnObject } from "./document/document"
export { TOOLS, type ToolName } from "./tools"
export type { Shape } from "./shapes"
