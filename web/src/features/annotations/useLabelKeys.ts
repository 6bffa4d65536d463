import { useRef } from "react"

import type { ProjectClass } from "../../api/shared"
import type { Looking } from "../../canvas"
import { useActions } from "../../keymap"
import type { Actions } from "./actions"
import { lightRuns } from "./draw/useDrawKeys"
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
  looking: Looking | null
  onLighting: () => void
  say: (text: string) => void
}

const HOLD_MS = 250

/** A key that is held down answers one picture, not twenty. */
const once = (run: (event: KeyboardEvent) => void) => (event: KeyboardEvent) => {
  if (!event.repeat) run(event)
}

/** What the keys of the one-picture view do. */
export function useLabelKeys({ choices, actions, session, onSearch, isZoomed, onZoom, looking, onLighting, say }: Options): void {
  useActions("one", {
    digits: once((event) => {
      const choice = choices[placeOf(event.code) ?? -1]
      if (choice) actions.choose(choice.id, event.timeStamp)
    }),
    accept: once((event) => void (actions.accept(event.timeStamp) || say(strings.said.noSuggestion))),
    runnerUp: once((event) => actions.acceptRunnerUp(event.timeStamp)),
    search: onSearch,
    doesNotBelong: once((event) => actions.say({ answer: "does_not_belong", class_id: null }, event.timeStamp)),
    notSure: once((event) => actions.say({ answer: "not_sure", class_id: null }, event.timeStamp)),
    skip: once((event) => actions.skip(event.timeStamp)),
    withdraw: once(() => actions.withdraw()),
    back: () => session.back(),
    forward: () => session.forward(),
    undo: () => void (actions.undo() || say(strings.said.nothingToUndo)),
    redo: () => void (actions.redo() || say(strings.said.nothingToRedo)),
    zoom: useHold(isZoomed, onZoom),
    window: once(onLighting),
    ...lightRuns(looking),
    save: () => say(strings.said.alwaysSaved),
  })
}

/** A tap switches zoom on or off; holding the key zooms until it is let go. */
function useHold(isZoomed: boolean, onZoom: (isZoomed: boolean) => void) {
  const downAt = useRef(0)
  return {
    run: (event: KeyboardEvent) => {
      if (event.repeat) return
      downAt.current = performance.now()
      onZoom(!isZoomed)
    },
    release: () => {
      if (performance.now() - downAt.current > HOLD_MS) onZoom(false)
    },
  }
}
