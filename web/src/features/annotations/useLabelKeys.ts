import { useEffect, useRef } from "react"

import type { ProjectClass } from "../../api/shared"
import { useShortcuts } from "../../ui"
import type { Actions } from "./actions"
import type { ImageCard } from "./queries"
import { placeOf } from "./session/keys"
import type { LabelSession } from "./session/session"
import { strings } from "./strings"

interface Options {
  choices: readonly ProjectClass[]
  actions: Actions
  session: LabelSession<ImageCard>
  onSearch: () => void
  isZoomed: boolean
  onZoom: (isZoomed: boolean) => void
  say: (text: string) => void
}

export const DIGITS = ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0"] as const
const HOLD_MS = 250

/** A key that is held down answers one picture, not twenty. */
const once = (run: (event: KeyboardEvent) => void) => (event: KeyboardEvent) => {
  if (!event.repeat) run(event)
}

/** The keys of the one-picture view; the help sheet lists this table. */
export function useLabelKeys({ choices, actions, session, onSearch, isZoomed, onZoom, say }: Options): void {
  const toggleZoom = useHold(isZoomed, onZoom)
  const { keys } = strings
  useShortcuts(strings.title, [
    {
      keys: DIGITS,
      label: keys.digits,
      run: once((event) => {
        const choice = choices[placeOf(event.code) ?? -1]
        if (choice) actions.choose(choice.id, event.timeStamp)
      }),
    },
    { keys: "Enter", label: keys.accept, run: once((event) => void (actions.accept(event.timeStamp) || say(strings.said.noSuggestion))) },
    { keys: "Shift+Enter", label: keys.runnerUp, run: once((event) => actions.acceptRunnerUp(event.timeStamp)) },
    { keys: "/", label: keys.search, run: onSearch },
    { keys: "X", label: strings.doesNotBelong, run: once((event) => actions.say({ answer: "does_not_belong", class_id: null }, event.timeStamp)) },
    { keys: "N", label: strings.notSure, run: once((event) => actions.say({ answer: "not_sure", class_id: null }, event.timeStamp)) },
    { keys: ["S", "Mod+Space"], label: keys.skip, run: once((event) => actions.skip(event.timeStamp)) },
    { keys: ["Backspace", "Delete"], label: keys.withdraw, run: once(() => actions.withdraw()) },
    { keys: "ArrowLeft", label: keys.back, run: () => session.back() },
    { keys: "ArrowRight", label: keys.forward, run: () => session.forward() },
    { keys: "Mod+Z", label: strings.undo, run: () => void (actions.undo() || say(strings.said.nothingToUndo)) },
    { keys: ["Mod+Shift+Z", "Mod+Y"], label: strings.redo, run: () => void (actions.redo() || say(strings.said.nothingToRedo)) },
    { keys: "Z", label: keys.zoom, run: once(toggleZoom) },
    { keys: "Mod+S", label: keys.save, run: () => say(strings.said.alwaysSaved) },
  ])
}

/** A tap switches zoom on or off; holding the key zooms until it is let go. */
function useHold(isZoomed: boolean, onZoom: (isZoomed: boolean) => void): (event: KeyboardEvent) => void {
  const downAt = useRef(0)
  useEffect(() => {
    const up = (event: KeyboardEvent) => {
      if (event.code !== "KeyZ" || downAt.current === 0) return
      if (event.timeStamp - downAt.current > HOLD_MS) onZoom(false)
      downAt.current = 0
    }
    window.addEventListener("keyup", up)
    return () => window.removeEventListener("keyup", up)
  }, [onZoom])
  return (event) => {
    downAt.current = event.timeStamp
    onZoom(!isZoomed)
  }
}
