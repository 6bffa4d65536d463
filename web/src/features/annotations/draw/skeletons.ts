/** The points that objects of a class are marked by, as its project defines them. */

import type { ProjectClass } from "../../../api/shared"

export interface Skeleton {
  points: readonly string[]
  /** Pairs of places in `points`. */
  edges: readonly (readonly [number, number])[]
}

export function skeletonOf(choice: ProjectClass | undefined): Skeleton | null {
  const { points, edges } = choice?.skeleton ?? {}
  return points ? { points, edges: (edges ?? []).map(([a, b]) => [a ?? 0, b ?? 0] as const) } : null
}
