import { useEffect, useState } from "react"

import type { DrawnObject } from "../../../canvas"
import { cardOf, type ImageCard } from "../queries"
import type { LabelQueue } from "../session/queue"
import type { DoneAnswer } from "./saver"
import { strings } from "./strings"
import { drawnOn, type Drawing } from "./useDrawing"

interface Options {
  queue: LabelQueue<ImageCard>
  drawing: Drawing | null
  image: ImageCard | null
  /** The picture that somebody looks back at; null for the first of the queue. */
  imageId: string | null
  go: (imageId: string | null) => void
  say: (text: string) => void
}

export interface Walk {
  /** What was drawn on the picture before. */
  previousObjects: DrawnObject[] | null
  finish: (answer?: DoneAnswer) => Promise<void>
  skip: () => Promise<void>
  back: (() => void) | undefined
  next: () => void
}

/** From picture to picture, and back over those that were seen: nobody leaves one before it is saved. */
export function useWalk({ queue, drawing, image, imageId, go, say }: Options): Walk {
  const [trail, setTrail] = useState<ImageCard[]>([])
  const [previousObjects, setPreviousObjects] = useState<DrawnObject[] | null>(null)

  async function leave(answer: DoneAnswer | null): Promise<boolean> {
    if (!drawing?.saver || !image) return false
    const { editor, saver } = drawing
    editor.key("Enter")
    await editor.settled()
    editor.key("Escape")
    const objects = drawnOn(editor)
    if (!(await saver.flush(answer))) {
      say(strings.said.notSaved)
      return false
    }
    setPreviousObjects(objects)
    setTrail((before) => [...before.filter(({ id }) => id !== image.id), image])
    say("")
    return true
  }
  const at = trail.findIndex(({ id }) => id === imageId)
  const before = trail[at < 0 ? trail.length - 1 : at - 1]
  const forward = () => go(at >= 0 ? (trail[at + 1]?.id ?? null) : null)
  return {
    previousObjects,
    finish: async (answer = "objects") => {
      if (!image || !(await leave(answer))) return
      if (imageId === null) queue.advance(image.id)
      else forward()
    },
    skip: async () => {
      if (image && imageId === null && (await leave(null))) await queue.skip(image.id)
    },
    back: before && (() => void leave(null).then((isSaved) => (isSaved || !image) && go(before.id))),
    next: () => {
      if (imageId !== null) void leave(null).then((isSaved) => isSaved && forward())
    },
  }
}

interface LookedAt {
  image: ImageCard | null
  error: Error | null
  retry: () => void
}

/** The picture that somebody looks back at, by its id. */
export function useImage(imageId: string | null): LookedAt {
  const [found, setFound] = useState<Pick<LookedAt, "image" | "error"> & { id: string | null }>({ id: null, image: null, error: null })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (imageId === null) return
    let isGone = false
    void cardOf(imageId)
      .then((image) => !isGone && setFound({ id: imageId, image, error: null }))
      .catch((reason: unknown) => !isGone && setFound({ id: imageId, image: null, error: reason instanceof Error ? reason : new Error(String(reason)) }))
    return () => {
      isGone = true
    }
  }, [imageId, tries])
  const retry = () => setTries((count) => count + 1)
  return found.id === imageId ? { image: found.image, error: found.error, retry } : { image: null, error: null, retry }
}
