import { useCallback, useEffect, useMemo, useRef, useState, type MouseEvent } from "react"

import { useShortcuts } from "../../../ui"
import { strings } from "../strings"
import { all, NOTHING, pick, step, without, type Selection } from "./selection"
import type { useGrid } from "./useGrid"

const DOUBLE_CLICK_MS = 280

interface Hooks {
  onFocus: (imageId: string | undefined) => void
  onOpen: () => void
}

type GridState = Pick<ReturnType<typeof useGrid>, "cards" | "total" | "loadAll"> & { pages: { hasNextPage: boolean } }

/** Which pictures are chosen, by mouse and by keys. */
export function useChoice(grid: GridState, { onFocus, onOpen }: Hooks) {
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [columns, setColumns] = useState(1)
  const [isChoosingAll, setChoosingAll] = useState(false)
  const ids = useMemo(() => grid.cards.map((card) => card.id), [grid.cards])
  const { loadAll } = grid
  const { hasNextPage } = grid.pages

  // Details open a moment after a click: they move the tiles, and a second click must find the same one.
  const later = useRef<number | undefined>(undefined)
  useEffect(() => () => window.clearTimeout(later.current), [])
  const apply = useCallback(
    (next: Selection, waitMs = 0) => {
      setSelection(next)
      window.clearTimeout(later.current)
      later.current = window.setTimeout(() => onFocus(next.ids.size === 1 && next.focus !== null ? ids[next.focus] : undefined), waitMs)
    },
    [ids, onFocus],
  )
  const clear = useCallback(() => {
    setChoosingAll(false)
    apply(NOTHING)
  }, [apply])
  const pickAt = useCallback(
    (index: number, event: MouseEvent) => apply(pick(selection, ids, index, { isRange: event.shiftKey, isToggle: event.ctrlKey || event.metaKey }), DOUBLE_CLICK_MS),
    [apply, selection, ids],
  )
  const forget = useCallback((gone: ReadonlySet<string>) => setSelection((before) => without(before, gone)), [])

  // Ctrl+A means all that match, not only those that happen to be loaded.
  const shown: Selection = isChoosingAll ? all(ids, selection.focus) : selection
  useEffect(() => {
    if (!isChoosingAll || hasNextPage) return
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the list came to its end outside React
    setSelection((before) => all(ids, before.focus))
    setChoosingAll(false)
  }, [isChoosingAll, hasNextPage, ids])

  const move = (by: number) => (event: KeyboardEvent) => apply(step(selection, ids, by, event.shiftKey))
  useShortcuts(strings.keys.group, [
    { keys: ["ArrowRight", "Shift+ArrowRight"], label: `${strings.keys.move} →`, run: move(1) },
    { keys: ["ArrowLeft", "Shift+ArrowLeft"], label: `${strings.keys.move} ←`, run: move(-1) },
    { keys: ["ArrowDown", "Shift+ArrowDown"], label: `${strings.keys.move} ↓`, run: move(columns) },
    { keys: ["ArrowUp", "Shift+ArrowUp"], label: `${strings.keys.move} ↑`, run: move(-columns) },
    {
      keys: "Mod+A",
      label: strings.keys.all,
      run: () => {
        setChoosingAll(true)
        onFocus(undefined)
        loadAll()
      },
    },
    { keys: "Space", label: strings.keys.open, run: () => selection.ids.size === 1 && onOpen() },
    { keys: "Escape", label: strings.keys.clear, run: clear },
  ])
  return { ids: shown.ids, focus: isChoosingAll ? null : selection.focus, isChoosingAll, pick: pickAt, clear, forget, setColumns }
}
