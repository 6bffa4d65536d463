import { createContext, useContext, useMemo } from "react"

import { shownKeys, useShortcuts, type Shortcut } from "../ui"
import { ALL_ACTIONS, SCOPES, type ActionOf, type Scope } from "./actions"
import { keysOf, NO_CHANGES, type KeySettings } from "./keymap"

export const KeymapContext = createContext<KeySettings>(NO_CHANGES)

export type Run = Shortcut["run"]
/** What an action does; also what ends when its key is let go, and where a press does not mean it. */
export type Doing = Run | Pick<Shortcut, "run" | "release" | "isMeant">
export type Runs<S extends Scope> = Partial<Record<ActionOf<S>, Doing>>

/** Binds actions of a scope, with the keys that this person has for them, while the component is on screen. */
export function useActions<S extends Scope>(scope: S, runs: Runs<S>): void {
  const settings = useContext(KeymapContext)
  const table = ALL_ACTIONS.flatMap((action): Shortcut[] => {
    const run = action.scope === scope ? (runs as Record<string, Doing | undefined>)[action.id.slice(scope.length + 1)] : undefined
    if (!run) return []
    const keys = keysOf(settings, action)
    return [typeof run === "function" ? { keys, label: action.label, run } : { keys, label: action.label, ...run }]
  })
  useShortcuts(SCOPES[scope], table)
}

/** The first key of an action as it is printed, for badges and tooltips; null if it has none. */
export function useKeyOf<S extends Scope>(scope: S): (name: ActionOf<S>) => string | null {
  const settings = useContext(KeymapContext)
  return useMemo(
    () => (name: ActionOf<S>) => {
      const action = ALL_ACTIONS.find(({ id }) => id === `${scope}.${name}`)
      const [first] = action ? keysOf(settings, action) : []
      return first === undefined ? null : shownKeys(first).join("+")
    },
    [scope, settings],
  )
}
