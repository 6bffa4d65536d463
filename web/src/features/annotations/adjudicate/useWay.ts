import { useState } from "react"

import { undoToast } from "../../../ui"
import { nextOf } from "./authors"
import { annotationOf, useAnswered, useDecide, useDisputed, useUndoDecision, type Decision } from "./queries"
import { strings } from "./strings"

interface Options {
  projectId: string
  batchId: string
  imageId: string | null
  onView: (view: { imageId: string | null; isEditing?: boolean }) => void
}

export interface Way {
  /** The picture that is looked at; null where nothing is left. */
  imageId: string | null
  isLoading: boolean
  isBusy: boolean
  error: Error | null
  said: string
  retry: () => void
  nameOf: (imageId: string) => string
  decide: (revision: number, body: Partial<Decision>, words: string) => void
  /** Puts something into the picture to be drawn further. */
  begin: (revision: number, body: Partial<Decision>, then: () => void) => void
  /** The answer was drawn. */
  drawn: (imageId: string) => Promise<void>
  undo: () => void
  next: () => void
  back: (() => void) | null
}

/** From one disputed picture to the next, and back over what was decided here. */
export function useWay({ projectId, batchId, imageId, onView }: Options): Way {
  const pages = useDisputed(projectId, batchId)
  const items = pages.data?.pages.flatMap((page) => page.items.map(({ image }) => image)) ?? []
  const ids = items.map(({ id }) => id)
  const [done, setDone] = useState<readonly string[]>([])
  const [trail, setTrail] = useState<readonly string[]>([])
  const [said, setSaid] = useState("")
  const decision = useDecide(projectId, batchId)
  const { onSuccess: know } = useAnswered(projectId, batchId)
  const taking = useUndoDecision(projectId, batchId)
  const present = imageId ?? nextOf(ids, null, new Set(done))

  function go(to: string | null) {
    if (present !== null) setTrail((before) => [...before.filter((id) => id !== present), present])
    if (pages.hasNextPage && ids.length - ids.indexOf(to ?? "") < 20) void pages.fetchNextPage()
    onView({ imageId: to })
  }
  function forward(from: string, decided: readonly string[]) {
    go(nextOf(ids, from, new Set(decided)))
  }
  function undo(id: string | undefined = done.at(-1)) {
    if (id === undefined) {
      setSaid(strings.nothingToUndo)
      return
    }
    taking.mutate(id, {
      onSuccess: () => {
        setDone((before) => before.filter((other) => other !== id))
        setSaid(strings.undone)
        onView({ imageId: id })
      },
    })
  }
  function finished(id: string, words: string) {
    const decided = [...done.filter((other) => other !== id), id]
    setDone(decided)
    setSaid(strings.decided(words))
    undoToast(strings.decided(words), () => undo(id))
    forward(id, decided)
  }
  const last = trail.filter((id) => id !== present).at(-1)
  return {
    imageId: present,
    isLoading: pages.isPending,
    isBusy: decision.isPending || taking.isPending,
    error: pages.error,
    said,
    retry: () => void pages.refetch(),
    nameOf: (id) => items.find((image) => image.id === id)?.name ?? "",
    decide: (revision, body, words) => {
      if (present === null || decision.isPending) return
      decision.mutate({ imageId: present, revision, body }, { onSuccess: () => finished(present, words) })
    },
    begin: (revision, body, then) => {
      if (present === null || decision.isPending) return
      decision.mutate({ imageId: present, revision, body: { ...body, is_draft: true } }, { onSuccess: then })
    },
    drawn: async (id) => {
      const present = await annotationOf(id)
      know(present)
      if (present.answer === "none") forward(id, done)
      else finished(id, strings.drawn)
      void pages.refetch()
    },
    undo: () => undo(),
    next: () => present !== null && forward(present, done),
    back: last === undefined ? null : () => onView({ imageId: last }),
  }
}
