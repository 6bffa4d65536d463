import { useCallback, useEffect, useMemo, useRef, useState } from "react"

import { newId } from "../../../api/ids"
import type { ProjectClass } from "../../../api/shared"
import { drawingOf, Editor, type Beneath, type DrawnObject, type SmartPort, type Unsaved, type Values } from "../../../canvas"
import { rememberedLight, rememberLight } from "../draw/light"
import { looksOf } from "../draw/looks"
import { skeletonOf } from "../draw/skeletons"
import { firstToolOf, formsOf, isLayered, toolsOf } from "../draw/toolTable"
import { decoded } from "../draw/useDrawing"
import { Activity } from "../session/activity"
import { isNothing, type Correction, type Said, type Version } from "./correction"
import { keep, recall } from "./kept"
import type { ToReview } from "./queries"

export type LayerName = "author" | "suggested" | "own"
export type Layers = Record<LayerName, boolean>

const AT_FIRST: Layers = { author: false, suggested: false, own: true }

interface Options {
  host: HTMLElement | null
  item: ToReview | null
  task: string
  choices: readonly ProjectClass[]
  projectId: string
  smart: SmartPort
}

/** The reviewer's version of what is on screen, which begins as the author's, with the other versions below it. */
export interface OwnVersion {
  editor: Editor | null
  isReady: boolean
  error: Error | null
  /** Fetch the picture again after an error. */
  retry: () => void
  layers: Layers
  show: (name: LayerName) => void
  correction: Correction
  say: (said: Said) => void
  reset: () => void
  /** Seconds of active work since it was last asked. */
  spent: () => number
}

export function useVersion({ host, item, task, choices, projectId, smart }: Options): OwnVersion {
  const [editor, setEditor] = useState<Editor | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [layers, setLayers] = useState(AT_FIRST)
  const [said, setSaid] = useState<{ of: string; said: Said | null }>({ of: "", said: null })
  const [, redraw] = useState(0)
  const [tries, setTries] = useState(0)
  const [activity] = useState(() => new Activity())
  const lap = useMemo(() => activity.lap(), [activity])
  const known = useRef(choices)
  useEffect(() => {
    known.current = choices
  }, [choices])
  useEffect(() => activity.watch(window), [activity])
  const seen = item ? `${item.review.id} ${item.review.revision}` : null
  const own = said.of === seen ? said.said : null

  useEffect(() => {
    if (!host) return
    const looks = () => looksOf(known.current)
    const made = new Editor(host, {
      colorOf: (id) => looks().colorOf(id),
      labelOf: (id) => looks().labelOf(id),
      edgesOf: (id) => looks().edgesOf(id),
      jointCountOf: (id) => skeletonOf(known.current.find((choice) => choice.id === id))?.points.length ?? 0,
      isLayered: isLayered(task),
      active: activity.lap(),
      newId,
      smart,
      onChange: () => redraw((count) => count + 1),
    })
    const first = known.current[0]
    if (first) made.board.setClass(first.id)
    made.board.set({ smartForm: formsOf(task)[0] ?? "polygon" })
    made.setTool(firstTool(task))
    made.adjust(rememberedLight(projectId))
    const stop = rememberLight(projectId, made)
    setEditor(made)
    return () => {
      stop()
      made.destroy()
      setEditor(null)
      setOpened(null)
    }
  }, [host, task, projectId, activity, smart])

  useEffect(() => {
    if (!editor || !item || seen === null) return
    let isGone = false
    decoded(item.image)
      .then((picture) => {
        if (isGone) return
        editor.open(picture, drawn(item.author), item.author.attributes as Values)
        const { correction, review } = item
        const left = review.state === "waiting" ? recall(review.id, review.revision) : null
        if (correction) editor.board.adopt(drawingOf(drawn(correction), correction.attributes as Values), editor.board.base)
        else if (left?.change) editor.board.take(left.change, true)
        setSaid({ of: seen, said: correction ? { answer: correction.answer, class_id: correction.class_id } : (left?.said ?? null) })
        setOpened(seen)
        setError(null)
        lap()
      })
      .catch((reason: unknown) => {
        if (!isGone) setError(reason instanceof Error ? reason : new Error(String(reason)))
      })
    return () => {
      isGone = true
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- another look at the same label is no other label
  }, [editor, seen, lap, tries])

  const isReady = seen !== null && opened === seen
  const change: Unsaved | null = editor && isReady ? editor.board.unsaved() : null
  const correction: Correction = { said: own, change }
  useKeeping(isReady ? item : null, correction, editor?.board.drawing)
  useLayers(isReady ? editor : null, item, layers)
  const say = useCallback((next: Said) => seen !== null && setSaid({ of: seen, said: next }), [seen])
  const reset = () => {
    if (!editor || !item) return
    editor.board.adopt(editor.board.base, editor.board.base)
    if (seen !== null) setSaid({ of: seen, said: null })
  }
  return {
    editor,
    isReady,
    error: isReady ? null : error,
    retry: () => setTries((count) => count + 1),
    layers,
    show: (name) => setLayers((before) => ({ ...before, [name]: !before[name] })),
    correction,
    say: (next) => void say(next),
    reset,
    spent: lap,
  }
}

/** A label is looked at before anything is drawn: the pointer selects. */
function firstTool(task: string) {
  const tools = task === "classification" ? toolsOf("multi_label") : toolsOf(task)
  return tools.includes("select") ? "select" : firstToolOf(tools)
}

const drawn = ({ objects }: Version): DrawnObject[] =>
  objects.map(({ id, class_id, shape, attributes, z, suggestion_id }) => ({ id, class_id, shape, attributes, z, ...(suggestion_id ? { suggestion_id } : {}) })) as unknown as DrawnObject[]

function useKeeping(item: ToReview | null, { said, change }: Correction, drawing: unknown): void {
  useEffect(() => {
    if (!item || item.review.state !== "waiting") return
    const { id, revision } = item.review
    keep(id, revision, said === null && isNothing(change) ? null : { said, change })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the drawing says whether the change is another one
  }, [item, said, drawing])
}

function useLayers(editor: Editor | null, item: ToReview | null, { author, suggested, own }: Layers): void {
  useEffect(() => {
    if (!editor || !item) return
    const before = author ? drawn(item.author).map((object): Beneath => ({ object, kind: "before" })) : []
    const model = suggested ? item.suggested.map((object): Beneath => ({ object: object as unknown as DrawnObject, kind: "suggested" })) : []
    editor.lay([...before, ...model], own)
  }, [editor, item, author, suggested, own])
}
