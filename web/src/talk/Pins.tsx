import { Text } from "@mantine/core"
import { useEffect, useRef, useState, type MouseEvent } from "react"

import { strings } from "./strings"
import classes from "./talk.module.css"
import type { Place, Talk } from "./useTalk"

/** Which part of the picture is on screen; a new one for every move. */
export interface Sight {
  toScreen: (place: Place) => Place
  toImage: (place: Place) => Place
}

/** Whoever shows the picture. */
export interface Seen {
  readonly sight: Sight | null
  follow: (run: () => void) => () => void
}

interface Props {
  talk: Talk
  seen: Seen
  size: { width: number; height: number }
}

/** Pins over the picture; it lies over whatever paints it, and lets everything through that is not a pin. */
export function Pins({ talk, seen, size }: Props) {
  const layer = useRef<HTMLDivElement>(null)
  const pointer = useRef<Place | null>(null)
  const [sight, setSight] = useState<Sight | null>(seen.sight)
  const { setPointer } = talk
  useEffect(() => {
    const look = () => setSight(seen.sight)
    look()
    return seen.follow(look)
  }, [seen])

  useEffect(() => {
    const around = layer.current?.parentElement
    if (!around) return
    const move = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY }
    }
    const leave = () => {
      pointer.current = null
    }
    around.addEventListener("pointermove", move)
    around.addEventListener("pointerleave", leave)
    return () => {
      around.removeEventListener("pointermove", move)
      around.removeEventListener("pointerleave", leave)
    }
  }, [])

  const placeOf = (at: Place): Place | null => {
    const box = layer.current?.getBoundingClientRect()
    const now = seen.sight
    if (!box || !now) return null
    const { x, y } = now.toImage({ x: at.x - box.left, y: at.y - box.top })
    return x >= 0 && y >= 0 && x <= size.width && y <= size.height ? { x, y } : null
  }
  const find = useRef(placeOf)
  useEffect(() => {
    find.current = placeOf
  })
  const register = useRef(setPointer)
  useEffect(() => register.current(() => (pointer.current ? find.current(pointer.current) : null)), [])

  const put = (event: MouseEvent) => {
    const place = placeOf({ x: event.clientX, y: event.clientY })
    if (place) talk.setDraft(place)
  }
  const at = (place: Place) => {
    const on = sight?.toScreen(place) ?? { x: 0, y: 0 }
    return { transform: `translate(${on.x}px, ${on.y}px)` }
  }
  return (
    <div ref={layer} className={classes.pins} data-placing={talk.isPlacing || undefined} onClick={talk.isPlacing ? put : undefined} data-testid="pins">
      {sight &&
        talk.showsPins &&
        talk.issues.map((issue, index) =>
          issue.x === null || issue.y === null || (issue.state === "resolved" && issue.id !== talk.chosenId) ? null : (
            <button
              key={issue.id}
              type="button"
              className={classes.pin}
              style={at({ x: issue.x, y: issue.y })}
              data-chosen={issue.id === talk.chosenId || undefined}
              data-resolved={issue.state === "resolved" || undefined}
              title={issue.comments[0]?.text.slice(0, 200)}
              aria-label={strings.pinLabel(index + 1, issue.comments[0]?.text.slice(0, 80) ?? "")}
              onClick={(event) => {
                event.stopPropagation()
                talk.choose(issue.id)
              }}
            >
              {index + 1}
            </button>
          ),
        )}
      {sight && talk.draft !== null && talk.draft !== "whole" && (
        <span className={classes.pin} style={at(talk.draft)} data-draft data-testid="draft-pin">
          +
        </span>
      )}
      {talk.isPlacing && (
        <Text size="sm" className={classes.hint} role="status">
          {strings.placing}
        </Text>
      )}
    </div>
  )
}
