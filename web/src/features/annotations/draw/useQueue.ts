import { useEffect, useState } from "react"

import { previewUrl } from "../../../api/images"
import type { ImageCard } from "../queries"
import { LabelQueue, type QueueOrder, type QueueSource } from "../session/queue"
import { queueSource } from "../session/source"
import { warm } from "./detail"

const HEARTBEAT_MS = 60_000

function preload(card: ImageCard): void {
  new Image().src = previewUrl(card.id)
  warm(card)
}

const IDLE: QueueSource<ImageCard> = { next: () => Promise.resolve({ items: [], remaining: 0 }), release: () => undefined, heartbeat: () => Promise.resolve(), skip: () => Promise.resolve() }

/** The pictures that wait to be drawn on, lent for a few minutes at a time; none where one picture alone is looked at. */
export function useQueue(projectId: string, batchId: string | null, order: QueueOrder, isIdle = false): LabelQueue<ImageCard> | null {
  const [queue, setQueue] = useState<LabelQueue<ImageCard> | null>(null)
  useEffect(() => {
    const made = new LabelQueue(isIdle ? IDLE : queueSource(projectId, batchId), order, preload)
    let isGone = false
    void made.fill()
    queueMicrotask(() => !isGone && setQueue(made))
    const timer = setInterval(() => void made.beat().catch(() => undefined), HEARTBEAT_MS)
    const leave = () => made.close()
    window.addEventListener("pagehide", leave)
    return () => {
      isGone = true
      clearInterval(timer)
      window.removeEventListener("pagehide", leave)
      made.close()
      setQueue(null)
    }
  }, [projectId, batchId, order, isIdle])
  return queue
}
