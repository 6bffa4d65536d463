import { useCallback, useEffect, useMemo, useRef, useState } from "react"

import { describe } from "../../../../api/problem"
import type { Editor, MaskShape, SmartPort, ToolName } from "../../../../canvas"
import { strings } from "../strings"
import { findPath, findThing, prepareImage, stopJob, type Readiness } from "./askSmart"

const LOOK_EVERY_MS = 800
const { smart: said } = strings

export interface Smart {
  port: SmartPort
  /** Of the picture that is shown; null while nobody has said. */
  readiness: Readiness | null
  /** Ask how far the networks are with the picture that is shown. */
  look: () => Promise<void>
  /** Do not wait for the network with this picture. */
  stop: () => Promise<void>
}

/** The smart tool's way to the server, for the picture that is shown. */
export function useSmart({ imageId, say }: { imageId: string | null; say: (text: string) => void }): Smart {
  const [known, setKnown] = useState<{ imageId: string; readiness: Readiness } | null>(null)
  const shown = useRef(imageId)
  const declined = useRef(new Set<string>())
  useEffect(() => {
    shown.current = imageId
  }, [imageId])

  const learn = useCallback((id: string, readiness: Readiness) => {
    if (id === shown.current) setKnown({ imageId: id, readiness })
  }, [])

  const port = useMemo((): SmartPort => {
    const ask = async <T,>(signal: AbortSignal, question: (id: string) => Promise<T>): Promise<T> => {
      try {
        if (shown.current === null) throw new Error(said.nothing)
        return await question(shown.current)
      } catch (error) {
        if (!signal.aborted) say(describe(error))
        throw error
      }
    }
    return {
      find: (prompt, signal) =>
        ask(signal, async (id) => {
          say(said.looking)
          const answer = await findThing(id, prompt, !declined.current.has(id), signal)
          if (!signal.aborted) say(answer.shape ? said.found(answer.backend, answer.score) : said.nothing)
          learn(id, answer.readiness)
          return answer.shape as MaskShape | null
        }),
      path: (from, to, signal) => ask(signal, (id) => findPath(id, from, to, signal)),
    }
  }, [say, learn])

  const look = useCallback(async () => {
    const id = shown.current
    if (id === null || declined.current.has(id)) return
    try {
      learn(id, await prepareImage(id))
    } catch {
      // The tool itself says what is wrong when it is used.
    }
  }, [learn])

  const readiness = known !== null && known.imageId === imageId ? known.readiness : null
  const stop = useCallback(async () => {
    const id = shown.current
    if (id === null || !readiness) return
    declined.current.add(id)
    if (readiness.job) await stopJob(readiness.job.id).catch(() => undefined)
    learn(id, { state: "none", problem: null, job: null })
    say(said.stopped)
  }, [readiness, learn, say])
  return useMemo(() => ({ port, readiness, look, stop }), [port, readiness, look, stop])
}

/** Has each picture ready that is opened, watches how far that is while the tool is in hand, and asks again once it is. */
export function useSmartFollowing({ readiness, look }: Smart, editor: Editor | null, tools: readonly ToolName[]): void {
  const hasTool = tools.includes("smart")
  const isInHand = editor?.toolName === "smart"
  const isUnderWay = readiness?.state === "preparing" || readiness?.state === "checking"
  const wasUnderWay = useRef(false)
  const isOpen = editor !== null
  const isKnown = readiness !== null

  useEffect(() => {
    if (isOpen && hasTool && !isKnown) void look()
  }, [isOpen, hasTool, isKnown, look])

  useEffect(() => {
    if (!isInHand || !isUnderWay) return
    const timer = setTimeout(() => void look(), LOOK_EVERY_MS)
    return () => clearTimeout(timer)
  }, [isInHand, isUnderWay, readiness, look])

  useEffect(() => {
    if (wasUnderWay.current && readiness?.state === "ready") editor?.again()
    wasUnderWay.current = isUnderWay
  }, [isUnderWay, readiness, editor])
}
