import type { ProjectClass } from "../../../api/shared"
import type { Looks } from "../../../canvas"
import { skeletonOf } from "./skeletons"

const NO_COLOR = "#756c60"

/** How objects of a project's classes look on the canvas. */
export function looksOf(choices: readonly ProjectClass[]): Looks {
  const find = (id: string) => choices.find((choice) => choice.id === id)
  return {
    colorOf: (id) => find(id)?.color ?? NO_COLOR,
    labelOf: (id) => find(id)?.name ?? "",
    edgesOf: (id) => skeletonOf(find(id))?.edges ?? [],
  }
}
