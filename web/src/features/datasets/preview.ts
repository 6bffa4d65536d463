/** What would go into a version if it were frozen now; the server has the last word. */

import type { Splits } from "./SplitBar"

export interface ClassCount {
  id: string
  name: string
  color: string
  images: number
}

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

export function preview(counts: readonly ClassCount[], testShare: number, valShare: number): Preview {
  const classes = counts.filter((entry) => entry.images > 1)
  const images = classes.reduce((sum, entry) => sum + entry.images, 0)
  const test = Math.round(images * testShare)
  const val = Math.round(images * valShare)
  return {
    images,
    splits: { train: images - test - val, val, test },
    classes,
    few: classes.filter((entry) => entry.images < FEW).map((entry) => `${entry.name} (${entry.images})`),
    single: counts.filter((entry) => entry.images === 1).map((entry) => entry.name),
    isPossible: classes.length >= 2,
  }
}
