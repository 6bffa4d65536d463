import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react"

import type { ImageCard } from "../queries"
import { LabelQueue, type QueueOrder } from "./queue"
import { LabelSession } from "./session"
import { queueSource } from "./source"
import type { OutboxState, Saved } from "./outbox"
import { useOutbox, type OpenOutbox } from "./useOutbox"

export interface Labelling {
  session: LabelSession<ImageCard>
  queue: LabelQueue<ImageCard>
  outbox: OpenOutbox["outbox"]
  save: OutboxState
}

interface Options {
  projectId: string
  batchId: string | null
  userId: string | null
  order: QueueOrder
  preload: (card: ImageCard) => void
}

const HEARTBEAT_MS = 60_000

/** Puts queue, session and outbox together for one person and one project; null until they are open. */
export function useLabelling({ projectId, batchId, userId, order, preload }: Options): Labelling | null {
  const sessionRef = useRef<LabelSession<ImageCard> | null>(null)
  const onSaved = useCallback((saved: Saved[]) => sessionRef.current?.saved(saved), [])
  const { open, state } = useOutbox(userId, onSaved)
  const [pair, setPair] = useState<{ session: LabelSession<ImageCard>; queue: LabelQueue<ImageCard> } | null>(null)
  const firstOrder = useRef(order)
  useEffect(() => {
    firstOrder.current = order
  })

  useEffect(() => {
    if (!open || userId === null) return
    const { outbox, store } = open
    const queue = new LabelQueue(queueSource(projectId, batchId), firstOrder.current, preload)
    const place = batchId ? `${projectId}/${batchId}` : projectId // What can be undone in a batch is undone there.
    const session = new LabelSession<ImageCard>(
      {
        projectId,
        userId,
        batchId,
        keep: (item) => void outbox.add(item),
        keepStep: (step) => void store.addStep(place, userId, step),
        dropStep: (id) => void store.dropStep(place, userId, id),
      },
      queue,
    )
    sessionRef.current = session
    let isGone = false
    void store.steps(place, userId).then((steps) => {
      if (!isGone) session.restore(steps)
    })
    void queue.fill()
    setPair({ session, queue })
    const timer = setInterval(() => void queue.beat().catch(() => undefined), HEARTBEAT_MS)
    const leave = () => queue.close()
    window.addEventListener("pagehide", leave)
    return () => {
      isGone = true
      clearInterval(timer)
      window.removeEventListener("pagehide", leave)
      queue.close()
      setPair(null)
    }
  }, [open, projectId, batchId, userId, preload])

  useEffect(() => {
    void pair?.queue.reorder(order)
  }, [pair, order])

  return pair && open ? { ...pair, outbox: open.outbox, save: state } : null
}

/** Follows a session, queue or outbox. */
export function useFollowed<T>(source: { subscribe: (listener: () => void) => () => void; snapshot: () => T }): T {
  return useSyncExternalStore(source.subscribe, source.snapshot)
}
