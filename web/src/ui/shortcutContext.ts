import { createContext, useContext, useEffect, useRef } from "react"

export interface Shortcut {
  /** Names as `isPress` reads them; more than one may do the same. */
  keys: string | readonly string[]
  label: string
  run: (event: KeyboardEvent) => void
  /** What ends when the key is let go, or the window is left. */
  release?: () => void
  /** Whether a press means it where the keyboard is now; otherwise the press is left to others. */
  isMeant?: (event: KeyboardEvent) => boolean
  /** Also while a dialog is open. */
  inDialogs?: boolean
}

export interface ShortcutTable {
  group: string
  read: () => readonly Shortcut[]
}

export interface ShortcutRegistry {
  add: (table: ShortcutTable) => () => void
  openSheet: () => void
}

export const ShortcutContext = createContext<ShortcutRegistry>({ add: () => () => undefined, openSheet: () => undefined })

/** Binds a table of keys while the component is on screen; the help sheet shows the same table. */
export function useShortcuts(group: string, table: readonly Shortcut[]): void {
  const { add } = useContext(ShortcutContext)
  const latest = useRef(table)
  useEffect(() => {
    latest.current = table
  })
  useEffect(() => add({ group, read: () => latest.current }), [add, group])
}

export const useShortcutSheet = () => useContext(ShortcutContext).openSheet
