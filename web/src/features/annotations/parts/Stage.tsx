import { useLayoutEffect, useRef, useState, type PointerEvent } from "react"

import { pictureShown } from "../session/timing"
import classes from "./stage.module.css"

interface Shown {
  id: string
  name: string
}

interface Props {
  current: Shown | null
  /** The pictures that come next: kept in the page, decoded, out of sight, so that showing them costs nothing. */
  ahead: readonly Shown[]
  urlOf: (id: string) => string
  isZoomed: boolean
  onToggleZoom: () => void
}

/** The picture that is being judged, large; the next ones lie decoded behind it. */
export function Stage({ current, ahead, urlOf, isZoomed, onToggleZoom }: Props) {
  const [origin, setOrigin] = useState({ id: "", x: 50, y: 50 })
  const [failed, setFailed] = useState<string | null>(null)
  const front = useRef<HTMLImageElement>(null)
  const id = current?.id

  useLayoutEffect(() => {
    const image = front.current
    if (!id || !image) return
    let isGone = false
    void image
      .decode()
      .catch(() => undefined)
      .then(() => requestAnimationFrame(() => !isGone && pictureShown(id)))
    return () => {
      isGone = true
    }
  }, [id])

  function follow(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    setOrigin({ id: id ?? "", x: ((event.clientX - box.left) / box.width) * 100, y: ((event.clientY - box.top) / box.height) * 100 })
  }

  const pictures = current ? [current, ...ahead.filter((other) => other.id !== current.id)] : ahead
  return (
    <div className={classes.stage} data-zoomed={isZoomed || undefined} onPointerMove={isZoomed ? follow : undefined} onClick={onToggleZoom} onPointerDown={follow}>
      {pictures.map((picture) => {
        const isFront = picture.id === id
        return (
          <img
            key={picture.id}
            ref={isFront ? front : undefined}
            className={isFront ? classes.front : classes.behind}
            src={urlOf(picture.id)}
            alt={isFront ? picture.name : ""}
            aria-hidden={!isFront}
            decoding={isFront ? "sync" : "async"}
            draggable={false}
            data-testid={isFront ? "picture" : undefined}
            data-image-id={picture.id}
            style={isFront && isZoomed ? { transform: "scale(2.75)", transformOrigin: origin.id === id ? `${origin.x}% ${origin.y}%` : "50% 50%" } : undefined}
            onError={() => isFront && setFailed(picture.id)}
          />
        )
      })}
      {failed === id && id !== undefined && <p className={classes.failed}>This picture could not be loaded. Answer it if you know it, or skip it.</p>}
    </div>
  )
}
