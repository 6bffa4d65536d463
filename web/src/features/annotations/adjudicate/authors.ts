/** What each person drew, put together so that all of it can lie over one picture: every person in a colour of their own. */

import type { Schemas } from "../../../api/client"
import type { DrawnObject, Looks } from "../../../canvas"

export type Opinion = Schemas["Opinion"]

/** Told apart also by those who see few colours, on light and on dark pictures. */
const COLORS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#d55e00", "#cc79a7", "#0072b2", "#9a8c7c"] as const

export const colorOf = (at: number): string => COLORS[at % COLORS.length] ?? COLORS[0]

const own = (at: number, id: string) => `${at} ${id}`

/** Everybody's objects with ids and classes that say whose they are: two people may have drawn the same object. */
export function overlaid(opinions: readonly Opinion[]): DrawnObject[] {
  return opinions.flatMap((opinion, at) =>
    opinion.objects.map((object) => {
      const { id, class_id, shape, attributes, z } = object as unknown as DrawnObject
      return { id: own(at, id), class_id: own(at, class_id), shape, attributes, z }
    }),
  )
}

/** How they look: the colour of the person, the name of the class. */
export function looksOf(looks: Looks): Looks {
  const classOf = (id: string) => id.slice(id.indexOf(" ") + 1)
  return {
    colorOf: (id) => colorOf(parseInt(id, 10)),
    labelOf: (id) => looks.labelOf(classOf(id)),
    edgesOf: (id) => looks.edgesOf(classOf(id)),
  }
}

/** The ids of what one person drew, as they lie over the picture. */
export const idsOf = (opinions: readonly Opinion[], at: number): string[] => (opinions[at]?.objects ?? []).map(({ id }) => own(at, id))

/** The picture after this one that is still to be decided; from the first one again behind the last; null if none is left. */
export function nextOf(ids: readonly string[], present: string | null, done: ReadonlySet<string>): string | null {
  const at = present === null ? -1 : ids.indexOf(present)
  const around = [...ids.slice(at + 1), ...ids.slice(0, Math.max(at, 0))]
  return around.find((id) => id !== present && !done.has(id)) ?? null
}
