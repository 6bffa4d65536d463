import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"

import { useDetectors, type Detector } from "../../../../api/detectors"
import { key } from "../../../../api/keys"
import type { Editor, Suggestion } from "../../../../canvas"
import type { Saver } from "../saver"
import { strings } from "../strings"
import { useLook, type Look } from "./look"
import { useImageSuggestions, useJob, useSuggestNow } from "./queries"

interface Options {
  projectId: string
  batchId: string | null
  imageId: string | null
  editor: Editor | null
  /** There once the picture is open. */
  saver: Saver | null
  /** Areas of a picture are painted, not suggested one by one. */
  isWanted: boolean
  say: (text: string) => void
}

export interface Proposals {
  detectors: readonly Detector[]
  look: Look
  setLook: (change: Partial<Look>) => void
  isLooking: boolean
  /** For testing: nothing is suggested for it. */
  isKeptBack: boolean
  suggestNow: (detectorId?: string) => void
  acceptAll: () => void
  rejectRest: () => void
}

/** What models suggest for the picture that is open, put on the board beside what is drawn; drawing never waits for it. */
export function useProposals({ projectId, batchId, imageId, editor, saver, isWanted, say }: Options): Proposals {
  const detectors = useDetectors(projectId, isWanted).data ?? []
  const found = useImageSuggestions(projectId, isWanted && saver ? imageId : null, batchId)
  const [look, setLook] = useLook(projectId)
  const now = useSuggesting(projectId, imageId, say)
  const board = saver ? editor?.board : undefined
  useEffect(() => {
    if (board && found.data?.image_id === imageId) board.offer(found.data.suggestions as unknown as Suggestion[])
  }, [board, found.data, imageId, saver])
  useEffect(() => board?.showProposals(look), [board, look])

  return {
    detectors,
    look,
    setLook,
    isLooking: now.isLooking,
    isKeptBack: found.data?.is_kept_back ?? false,
    suggestNow: (detectorId = detectors[0]?.id) => detectorId !== undefined && imageId !== null && now.ask(imageId, detectorId),
    acceptAll: () => board && say(strings.suggestions.accepted(board.accept([...board.proposals.keys()]))),
    rejectRest: () => {
      if (!board || board.open.length === 0) return
      say(strings.suggestions.rejected(board.open.length))
      board.reject(board.open.map(({ id }) => id))
    },
  }
}

/** Asks for one look at the picture that is open, and says how it went. */
function useSuggesting(projectId: string, imageId: string | null, say: (text: string) => void) {
  const client = useQueryClient()
  const ask = useSuggestNow(projectId)
  const [asked, setAsked] = useState<{ jobId: string; imageId: string } | null>(null)
  const told = useRef("")
  const job = useJob(asked?.jobId ?? null).data
  useEffect(() => {
    if (!asked || job?.id !== asked.jobId || !job.finished_at || told.current === job.id) return
    told.current = job.id
    void client.invalidateQueries({ queryKey: key(projectId, "suggestions") })
    if (asked.imageId === imageId) say(outcomeOf(job))
  }, [client, projectId, asked, job, imageId, say])
  return {
    isLooking: ask.isPending || (asked !== null && !(job?.id === asked.jobId && job.finished_at)),
    ask: (image: string, detectorId: string) => ask.mutate({ imageId: image, detectorId }, { onSuccess: ({ id }) => setAsked({ jobId: id, imageId: image }) }),
  }
}

function outcomeOf({ problem, result }: { problem?: { detail: string } | null; result?: unknown }): string {
  if (problem) return problem.detail
  const { suggested = 0, faults = [] } = (result ?? {}) as { suggested?: number; faults?: { reason: string }[] }
  return faults[0]?.reason ?? strings.suggestions.found(suggested)
}
