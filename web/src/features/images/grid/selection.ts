/** Which pictures are chosen, and from where a range runs. Positions are those in the list as it is loaded. */

export interface Selection {
  ids: ReadonlySet<string>
  anchor: number | null
  focus: number | null
}

export const NOTHING: Selection = { ids: new Set(), anchor: null, focus: null }

/** The ids by their place; empty where a picture is not loaded yet. */
export type Places = readonly (string | undefined)[]

interface Keys {
  isRange: boolean
  isToggle: boolean
}

/** A click on a picture: alone it chooses that one; with Ctrl it adds or takes away; with Shift it chooses up to there. */
export function pick(selection: Selection, ids: Places, index: number, { isRange, isToggle }: Keys): Selection {
  const id = ids[index]
  if (id === undefined) return selection
  if (isRange && selection.anchor !== null) {
    const from = Math.min(selection.anchor, index)
    const range = ids.slice(from, Math.max(selection.anchor, index) + 1).filter((entry) => entry !== undefined)
    return { ids: new Set(isToggle ? [...selection.ids, ...range] : range), anchor: selection.anchor, focus: index }
  }
  if (isToggle) {
    const next = new Set(selection.ids)
    if (!next.delete(id)) next.add(id)
    return { ids: next, anchor: index, focus: index }
  }
  return { ids: new Set([id]), anchor: index, focus: index }
}

/** An arrow key: the chosen picture moves, or with Shift the range grows. */
export function step(selection: Selection, ids: Places, by: number, isRange: boolean): Selection {
  if (ids.length === 0) return selection
  const from = selection.focus ?? -1
  const target = selection.focus === null ? 0 : Math.min(ids.length - 1, Math.max(0, from + by))
  return pick(selection, ids, target, { isRange, isToggle: false })
}

export function all(ids: readonly string[], focus: number | null): Selection {
  return { ids: new Set(ids), anchor: 0, focus: focus ?? 0 }
}

/** Whether every picture of a range is known. */
export function isKnown(selection: Selection, ids: Places, index: number): boolean {
  const anchor = selection.anchor ?? index
  for (let place = Math.min(anchor, index); place <= Math.max(anchor, index); place += 1) if (ids[place] === undefined) return false
  return true
}

/** What is left of a choice after some pictures went away. */
export function without(selection: Selection, gone: ReadonlySet<string>): Selection {
  const ids = new Set([...selection.ids].filter((id) => !gone.has(id)))
  return ids.size > 0 ? { ...selection, ids } : NOTHING
}
