/** Undo and redo without limit: steps and their inverses, oldest first. */

import { isDescribing, type Step } from "./types"

export interface History {
  past: readonly Step[]
  future: readonly Step[]
}

export const EMPTY_HISTORY: History = { past: [], future: [] }

/** Add a step; what was undone before it can no longer be redone. */
export function push(history: History, step: Step): History {
  return { past: [...history.past, step], future: [] }
}

/** Take back the newest step; returns the history after it and the step that does it. */
export function undo(history: History): { history: History; step: Step } | null {
  const last = history.past.at(-1)
  if (!last) return null
  return { history: { past: history.past.slice(0, -1), future: [...history.future, last] }, step: inverse(last) }
}

/** Do the newest undone step again. */
export function redo(history: History): { history: History; step: Step } | null {
  const next = history.future.at(-1)
  if (!next) return null
  return { history: { past: [...history.past, next], future: history.future.slice(0, -1) }, step: next }
}

/** The step that takes `step` back. */
export function inverse(step: Step): Step {
  const changes = step.changes.map(({ image_id, before, after }) => ({ image_id, before: after, after: before }))
  return { ...step, changes: changes.reverse() }
}

/** The images of the past in the order in which they were last answered, each once. */
export function trail(history: History): string[] {
  const seen = new Set<string>()
  for (const step of history.past) {
    for (const change of step.changes.filter((entry) => !isDescribing(entry))) {
      seen.delete(change.image_id)
      seen.add(change.image_id)
    }
  }
  return [...seen]
}
