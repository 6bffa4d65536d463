import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent } from "react"

import type { Viewer } from "../../../canvas"
import { detailOf } from "../draw/detail"
import type { ImageCard } from "../queries"
import { pictureShown } from "../session/timing"
import classes from "./stage.module.css"

const ZOOM = 2.75

interface Props {
  current: ImageCard | null
  /** The pictures that come next: kept in the page, decoded, out of sight, so that showing them costs nothing. */
  ahead: readonly ImageCard[]
  urlOf: (id: string) => string
  isZoomed: boolean
  onToggleZoom: () => void
  /** Through which the picture is seen. */
  viewer: Viewer | null
  onHost: (host: HTMLElement | null) => (() => void) | undefined
  /** Dragging changes the light, and pressing zooms no more. */
  isLighting: boolean
}

/** The picture that is being judged, large; the next ones lie decoded behind it. */
export function Stage({ current, ahead, urlOf, isZoomed, onToggleZoom, viewer, onHost, isLighting }: Props) {
  const [origin, setOrigin] = useState({ id: "", x: 50, y: 50 })
  const [failed, setFailed] = useState<string | null>(null)
  const front = useRef<HTMLImageElement>(null)
  const id = current?.id

  useLayoutEffect(() => {
    const image = front.current
    viewer?.open(null)
    if (!current || !image) return
    let isGone = false
    void image
      .decode()
      .then(() => isGone || viewer?.open(shownIn(image, current)))
      .catch(() => undefined)
      .then(() => requestAnimationFrame(() => !isGone && pictureShown(current.id)))
    return () => {
      isGone = true
    }
  }, [current, viewer])
  const [originX, originY] = origin.id === id ? [origin.x, origin.y] : [50, 50]
  useEffect(() => {
    const at = viewer && { x: (originX * viewer.size.width) / 100, y: (originY * viewer.size.height) / 100 }
    viewer?.zoom(isZoomed && at ? { factor: ZOOM, at } : null)
  }, [viewer, isZoomed, originX, originY])

  const last = useRef({ x: 0, y: 0 })
  function drag(event: PointerEvent<HTMLDivElement>) {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId)
    else if (event.buttons !== 0) viewer?.drag(event.clientX - last.current.x, event.clientY - last.current.y)
    last.current = { x: event.clientX, y: event.clientY }
  }

  function follow(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect()
    setOrigin({ id: id ?? "", x: ((event.clientX - box.left) / box.width) * 100, y: ((event.clientY - box.top) / box.height) * 100 })
  }

  const pictures = current ? [current, ...ahead.filter((other) => other.id !== current.id)] : ahead
  return (
    <div
      className={classes.stage}
      data-zoomed={isZoomed || undefined}
      data-lighting={isLighting || undefined}
      onPointerMove={isLighting ? drag : isZoomed ? follow : undefined}
      onClick={isLighting ? undefined : onToggleZoom}
      onPointerDown={isLighting ? drag : follow}
      data-testid="stage"
    >
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
            style={isFront && isZoomed ? { transform: `scale(${ZOOM})`, transformOrigin: `${originX}% ${originY}%` } : undefined}
            onError={() => isFront && setFailed(picture.id)}
          />
        )
      })}
      <div ref={onHost} className={classes.values} />
      {failed === id && id !== undefined && <p className={classes.failed}>This picture could not be loaded. Answer it if you know it, or skip it.</p>}
    </div>
  )
}

/** The page's own copy of a picture, and where its values come from if they are finer than bytes. */
function shownIn(image: HTMLImageElement, card: ImageCard) {
  const { naturalWidth: width, naturalHeight: height } = image
  return { source: image, pixels: { width, height }, size: card, ...(card.display ? { detail: detailOf(card) } : {}) }
}
