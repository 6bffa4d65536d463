/** What a board asks of those around it. */

import type { ImagePoint, Rect } from "./geometry/points"
import type { Raster } from "./geometry/raster"
import type { MaskShape } from "./shapes/types"
import type { Mark } from "./tools/tool"

/** What shows a thing: a box around it, clicks on it and beside it, or both. */
export interface SmartPrompt {
  box: Rect | null
  clicks: readonly Mark[]
}

/** Whoever finds things and edges in the picture that is shown. A promise that fails has told people why. */
export interface SmartPort {
  /** The mask of what is meant; null if nothing stands out. */
  find: (prompt: SmartPrompt, signal: AbortSignal) => Promise<MaskShape | null>
  /** Flat coordinates of the path along the edge, both ends included. */
  path: (from: ImagePoint, to: ImagePoint, signal: AbortSignal) => Promise<number[]>
}

export interface BoardPorts {
  changed: () => void
  previewed: () => void
  newId: () => string
  /** How many points the skeleton of a class has; 0 without one. */
  jointCountOf: (classId: string) => number
  /** Every pixel has at most one class: one mask a class, and none lies on another. */
  isLayered?: boolean
  /** Seconds of active work since it was last asked. */
  active?: () => number
  /** The picture's pixels as shown. */
  pixels: () => Raster | null
  smart?: SmartPort | undefined
}
