/** The points that objects of a class are marked by, as its project defines them. */

import type { ProjectClass } from "../../../api/shared"

export interface Skeleton {
  points: readonly string[]
  /** Pairs of places in `points`. */
  edges: readonly (readonly [number, number])[]
}

export function skeletonOf(choice: ProjectClass | undefined): Skeleton | null {
  const skeleton = choice && "skeleton" in choice ? (choice.skeleton as Skeleton | null) : null
  return skeleton && skeleton.points.length > 0 ? skeleton : null
}
