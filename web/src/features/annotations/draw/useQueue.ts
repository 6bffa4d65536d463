import { useEffect, useState } from "react"

import { previewUrl } from "../../../api/images"
import type { ImageCard } from "../queries"
import { LabelQueue, type QueueOrder } from "../session/queue"
import { queueSource } from "../session/source"
import { warm } from "./detail"

const HEARTBEAT_MS = 60_000

function preload(card: ImageCard): void {
  new Image().src = previewUrl(card.id)
  warm(card)
}

/** The pictures that wait to be drawn on, lent for a few minutes at a time. */
export function useQueue(projectId: string, batchId: string | null, order: QueueOrder): LabelQueue<ImageCard> | null {
  const [queue, setQueue] = useState<LabelQueue<ImageCard> | null>(null)
  useEffect(() => {
    const made = new LabelQueue(queueSource(projectId, batchId), order, preload)
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
  }, [projectId, batchId, order])
  return queue
}
