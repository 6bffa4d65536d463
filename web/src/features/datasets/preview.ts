/** What would go into a version if it were frozen now; the server has the last word. */

import type { Schemas } from "../../api/client"
import type { Splits } from "./SplitBar"

export type ClassCount = Schemas["VersionClass"]

export interface Preview {
  images: number
  splits: Splits
  classes: ClassCount[]
  few: string[]
  /** Classes with a single picture: they stay out, for nothing can be learnt from one and tested on another. */
  single: string[]
  isPossible: boolean
}

const FEW = 10

export function preview(found: Schemas["FreezePreview"] | undefined, testShare: number, valShare: number): Preview {
  const counts = found?.classes ?? []
  const isDrawn = found?.objects !== null
  const classes = counts.filter((entry) => entry.images > 1)
  const images = isDrawn ? (found?.images ?? 0) : classes.reduce((sum, entry) => sum + entry.images, 0)
  const test = Math.round(images * testShare)
  const val = Math.round(images * valShare)
  return {
    images,
    splits: { train: images - test - val, val, test },
    classes,
    few: classes.filter((entry) => entry.images < FEW).map((entry) => `${entry.name} (${entry.images})`),
    single: counts.filter((entry) => entry.images === 1).map((entry) => entry.name),
    isPossible: classes.length >= (isDrawn ? 1 : 2),
  }
}
