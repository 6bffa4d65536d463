/** What a board asks of those around it. */

import type { Raster } from "./geometry/raster"

export interface BoardPorts {
  changed: () => void
  previewed: () => void
  newId: () => string
  /** How many points the skeleton of a class has; 0 without one. */
  jointCountOf: (classId: string) => number
  /** Every pixel has at most one class: one mask a class, and none lies on another. */
  isLayered?: boolean
  /** The picture's pixels as shown. */
  pixels: () => Raster | null
}
