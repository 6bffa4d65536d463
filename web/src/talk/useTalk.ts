import { useState } from "react"

import { useImageIssues, type Issue } from "../api/talk"
import { useActions, useKeyOf } from "../keymap"
import { useShortcuts } from "../ui"
import { strings } from "./strings"

export type Place = { x: number; y: number }
export type Tab = "issues" | "guidelines"
/** The labelling pages that have it; their keys are listed under them. */
export type TalkScope = "draw" | "whole" | "one"

const OPEN = "modelyard.talk"

/** What is said about the picture on screen, and how the column beside it and the pins over it stand. */
export interface Talk {
  issues: readonly Issue[]
  imageId: string | null
  tab: Tab | null
  show: (tab: Tab | null) => void
  showsPins: boolean
  setShowsPins: (shows: boolean) => void
  chosenId: string | null
  choose: (issueId: string | null) => void
  /** A new issue that is being written, and where it is. */
  draft: Place | "whole" | null
  setDraft: (draft: Place | "whole" | null) => void
  isPlacing: boolean
  setPlacing: (isPlacing: boolean) => void
  /** Asked for where the pointer is, when its key is pressed. */
  setPointer: (find: () => Place | null) => void
  keys: Record<"comment" | "pins" | "guidelines", string | null>
}

function remembered(): Tab | null {
  const kept = localStorage.getItem(OPEN)
  return kept === "issues" || kept === "guidelines" ? kept : null
}

/** Holds it together for one page; the keys work while the page is on screen. */
export function useTalk(projectId: string, imageId: string | null, scope: TalkScope): Talk {
  const issues = useImageIssues(projectId, imageId).data ?? []
  const [tab, setTab] = useState<Tab | null>(remembered)
  const [showsPins, setShowsPins] = useState(true)
  // What was begun on one picture is not meant for the next.
  const [on, setOn] = useState<{ imageId: string | null; chosenId: string | null; draft: Place | "whole" | null; isPlacing: boolean }>({ imageId, chosenId: null, draft: null, isPlacing: false })
  const now = on.imageId === imageId ? on : { imageId, chosenId: null, draft: null, isPlacing: false }
  const [pointer, setPointer] = useState<{ find: () => Place | null }>({ find: () => null })
  const keyOf = useKeyOf(scope)

  const show = (next: Tab | null) => {
    setTab(next)
    if (next === null) localStorage.removeItem(OPEN)
    else localStorage.setItem(OPEN, next)
  }
  const change = (next: Partial<typeof now>) => setOn({ ...now, ...next })
  const setDraft = (draft: Place | "whole" | null) => {
    change({ draft, chosenId: null, isPlacing: false })
    if (draft) {
      show("issues")
      setShowsPins(true)
    }
  }
  const choose = (chosenId: string | null) => {
    change({ chosenId, draft: null, isPlacing: false })
    if (chosenId) show("issues")
  }
  const setPlacing = (isPlacing: boolean) => change({ isPlacing, draft: null })

  const runs = {
    comment: () => imageId !== null && setDraft(pointer.find() ?? "whole"),
    pins: () => setShowsPins(!showsPins),
    guidelines: () => show(tab === "guidelines" ? null : "guidelines"),
  }
  useActions(scope, runs as Parameters<typeof useActions<typeof scope>>[1])
  useShortcuts(strings.issues, now.isPlacing || now.draft !== null ? [{ keys: "Escape", label: strings.cancel, run: () => change({ draft: null, isPlacing: false }) }] : [])

  return {
    issues,
    imageId,
    tab,
    show,
    showsPins,
    setShowsPins,
    chosenId: now.chosenId,
    choose,
    draft: now.draft,
    setDraft,
    isPlacing: now.isPlacing,
    setPlacing,
    setPointer: (find) => setPointer({ find }),
    keys: { comment: keyOf("comment"), pins: keyOf("pins"), guidelines: keyOf("guidelines") },
  }
}
