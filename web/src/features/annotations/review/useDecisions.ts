import { useRef, useState } from "react"

import { describe } from "../../../api/problem"
import type { LabelQueue } from "../session/queue"
import { acceptance, rejection, type Decision } from "./correction"
import { keep } from "./kept"
import { decide, takeBack, toQueued, useTold, type ToReview } from "./queries"
import { strings } from "./strings"
import type { OwnVersion } from "./useVersion"

interface Options {
  projectId: string
  task: string
  queue: LabelQueue<ToReview>
  item: ToReview | null
  /** It was not handed out: somebody opened it by its address. */
  isOpened: boolean
  version: OwnVersion
  say: (text: string) => void
  onSignedOut: () => void
  /** Back to what is handed out. */
  onLeave: () => void
}

export interface Decisions {
  isBusy: boolean
  accept: () => void
  sendBack: (reason: string, to: "author" | "pool") => Promise<boolean>
  later: () => void
  takeBack: () => void
  canTakeBack: boolean
}

/** What a reviewer decides, one picture after the other, and the way back from the last decision. */
export function useDecisions({ projectId, task, queue, item, isOpened, version, say, onSignedOut, onLeave }: Options): Decisions {
  const [isBusy, setBusy] = useState(false)
  const [past, setPast] = useState<string[]>([])
  const running = useRef(false)
  const told = useTold(projectId)
  const canDecide = item !== null && item.review.state === "waiting" && version.isReady
  const last = item && item.review.state !== "waiting" ? item.review.id : past.at(-1)

  async function alone<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (running.current) return undefined
    running.current = true
    setBusy(true)
    try {
      return await work()
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  function goOn(imageId: string) {
    queue.advance(imageId)
    queue.forget(imageId) // Labelled again, it comes again.
    if (isOpened) onLeave()
  }

  const carryOut = (body: Decision) =>
    alone(async () => {
      if (!item || !canDecide) return false
      const outcome = await decide(item.review, body)
      if (outcome.kind === "done") {
        keep(item.review.id, item.review.revision, null)
        setPast((before) => [...before, item.review.id])
        say(saidOf(outcome.review))
        goOn(item.id)
        told()
        return true
      }
      if (outcome.kind === "changed") {
        say(strings.said.changed)
        if (!isOpened) queue.replace({ ...outcome.detail, id: item.id })
        told()
      } else if (outcome.kind === "moved-on") {
        say(outcome.text)
        goOn(item.id)
      } else if (outcome.kind === "refused") say(outcome.text)
      else if (outcome.kind === "offline") say(strings.said.offline)
      else {
        say(strings.said.signIn)
        onSignedOut()
      }
      return false
    })

  return {
    isBusy,
    accept: () => {
      if (item && canDecide) void carryOut(acceptance(task, item.author, version.correction, version.spent()))
    },
    sendBack: async (reason, to) => (await carryOut(rejection(reason, to, version.spent()))) ?? false,
    later: () => {
      if (!item) return
      if (isOpened) onLeave()
      else void queue.skip(item.id).catch((reason: unknown) => say(describe(reason)))
    },
    takeBack: () => {
      if (last === undefined) say(strings.said.nothingToUndo)
      else
        void alone(async () => {
          try {
            const back = await takeBack(last)
            setPast((before) => before.filter((id) => id !== last))
            queue.bringBack(toQueued(back))
            if (isOpened) onLeave()
            say(strings.said.undone)
            told()
          } catch (reason) {
            say(describe(reason))
          }
        })
    },
    canTakeBack: last !== undefined,
  }
}

function saidOf({ state, returned_to }: ToReview["review"]): string {
  if (state !== "rejected") return state === "corrected" ? strings.said.corrected : strings.said.accepted
  return returned_to === "pool" ? strings.said.toPool : returned_to === "dispute" ? strings.said.toDispute : strings.said.rejected
}
