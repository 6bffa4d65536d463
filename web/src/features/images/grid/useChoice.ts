import { useCallback, useEffect, useMemo, useRef, useState, type MouseEvent } from "react"

import { describe } from "../../../api/problem"
import { useActions } from "../../../keymap"
import { errorToast } from "../../../ui"
import { all, isKnown, NOTHING, pick, step, without, type Selection } from "./selection"
import type { useGrid } from "./useGrid"

const DOUBLE_CLICK_MS = 280

interface Hooks {
  onFocus: (imageId: string | undefined) => void
  onOpen: () => void
}

type GridState = Pick<ReturnType<typeof useGrid>, "cards" | "allIds">

/** Which pictures are chosen, by mouse and by keys. */
export function useChoice({ cards, allIds }: GridState, { onFocus, onOpen }: Hooks) {
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [columns, setColumns] = useState(1)
  const [isChoosingAll, setChoosingAll] = useState(false)
  const ids = useMemo(() => Array.from(cards, (card) => card?.id), [cards])

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

  // What is chosen may reach far over what is loaded: then the ids of all that match are asked for. Only the newest wish counts.
  const wish = useRef(0)
  const withAll = useCallback(
    (choose: (every: readonly string[]) => Selection) => {
      const mine = (wish.current += 1)
      setChoosingAll(true)
      onFocus(undefined)
      void allIds()
        .then((every) => wish.current === mine && setSelection(choose(every)))
        .catch((error: unknown) => errorToast(describe(error)))
        .finally(() => wish.current === mine && setChoosingAll(false))
    },
    [allIds, onFocus],
  )
  const clear = useCallback(() => {
    wish.current += 1
    setChoosingAll(false)
    apply(NOTHING)
  }, [apply])
  const pickAt = useCallback(
    (index: number, event: MouseEvent) => {
      const keys = { isRange: event.shiftKey, isToggle: event.ctrlKey || event.metaKey }
      if (keys.isRange && !isKnown(selection, ids, index)) withAll((every) => pick(selection, every, index, keys))
      else apply(pick(selection, ids, index, keys), DOUBLE_CLICK_MS)
    },
    [apply, withAll, selection, ids],
  )
  const forget = useCallback((gone: ReadonlySet<string>) => setSelection((before) => without(before, gone)), [])

  useActions("images", {
    move: (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.code]
      if (by !== undefined) apply(step(selection, ids, by, event.shiftKey))
    },
    all: () => withAll((every) => all(every, selection.focus)),
    open: () => selection.ids.size === 1 && onOpen(),
    clear,
  })
  return { ids: selection.ids, focus: isChoosingAll ? null : selection.focus, isChoosingAll, pick: pickAt, clear, forget, setColumns }
}
