/** How classes look where a picture is painted small and still. */

import type { ProjectClass } from "../../api/shared"
import type { Looks } from "../../canvas"

const NEW_CLASS = "#756c60"

/** How classes look; one that the project lacks as yet is grey. */
export function looksOf(classes: readonly ProjectClass[]): Looks {
  const find = (id: string) => classes.find((choice) => choice.id === id)
  return { colorOf: (id) => find(id)?.color ?? NEW_CLASS, labelOf: (id) => find(id)?.name ?? id, edgesOf: () => [] }
}
