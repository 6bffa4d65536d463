import { useCallback, useEffect, useRef, useState, type RefObject } from "react"

import { newId } from "../../../api/ids"
import { fetchPicture, previewUrl } from "../../../api/images"
import type { ProjectClass } from "../../../api/shared"
import { Editor, type DrawnObject, type Form, type Shown, type SmartPort, type ToolName } from "../../../canvas"
import type { ImageCard } from "../queries"
import { Activity } from "../session/activity"
import { fetchObjects, sendChange } from "./connect"
import { detailOf } from "./detail"
import { changeOf, type DraftStore } from "./drafts"
import { rememberedLight, rememberLight } from "./light"
import { looksOf } from "./looks"
import { Saver, type Present } from "./saver"
import { skeletonOf } from "./skeletons"

export interface Drawing {
  editor: Editor
  saver: Saver | null
  present: Present | null
  error: Error | null
  /** Fetch the picture again after an error. */
  retry: () => void
}

/** The small copy, decoded, and where the rest comes from. */
export async function decoded(image: ImageCard): Promise<Shown> {
  const source = new Image()
  source.src = previewUrl(image.id)
  await source.decode().catch(async () => {
    await fetchPicture(previewUrl(image.id)) // It says why, and waits where the server is busy.
    source.src = previewUrl(image.id)
    await source.decode()
  })
  return { source, pixels: { width: source.naturalWidth, height: source.naturalHeight }, size: image, detail: detailOf(image) }
}

interface Options {
  host: HTMLElement | null
  image: ImageCard | null
  choices: readonly ProjectClass[]
  projectId: string
  batchId: string | null
  userId: string
  drafts: DraftStore
  smart: SmartPort
  /** What the smart tool makes of what it finds. */
  smartForm: Form
  isLayered: boolean
  /** In hand when the page opens. */
  firstTool: ToolName
}

/** An editor in `host` that shows `image` with its objects and saves what is drawn. */
export function useDrawing({ host, image, choices, projectId, batchId, userId, drafts, smart, smartForm, isLayered, firstTool }: Options): Drawing | null {
  const [editor, setEditor] = useState<Editor | null>(null)
  const [opened, setOpened] = useState<{ imageId: string; saver: Saver; present: Present } | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [, redraw] = useState(0)
  const [tries, setTries] = useState(0)
  const saver = useRef<Saver | null>(null)
  const [activity] = useState(() => new Activity())
  const classes = useRef(choices)
  useEffect(() => {
    classes.current = choices
  }, [choices])
  useEffect(() => activity.watch(window), [activity])
  const show = useCallback(() => redraw((count) => count + 1), [])

  useEffect(() => {
    if (!host) return
    const looks = () => looksOf(classes.current)
    const made = new Editor(host, {
      colorOf: (id) => looks().colorOf(id),
      labelOf: (id) => looks().labelOf(id),
      edgesOf: (id) => looks().edgesOf(id),
      jointCountOf: (id) => skeletonOf(classes.current.find((choice) => choice.id === id))?.points.length ?? 0,
      isLayered,
      active: activity.lap(),
      newId,
      smart,
      onChange: () => {
        saver.current?.note()
        show()
      },
    })
    const first = classes.current[0]
    if (first) made.board.setClass(first.id)
    made.board.set({ smartForm })
    made.setTool(firstTool)
    made.adjust(rememberedLight(projectId))
    const stop = rememberLight(projectId, made)
    setEditor(made)
    return () => {
      stop()
      made.destroy()
      setEditor(null)
    }
  }, [host, isLayered, firstTool, projectId, show, activity, smart, smartForm])

  useEffect(() => {
    if (!editor || !image) return
    let isGone = false
    let own: Saver | null = null
    const open = async () => {
      // The draft first: one that is sent and dropped while this waits is then among the objects.
      const known = drafts.claim(userId, image.id).then(async (draft) => ({ draft, present: await fetchObjects(image.id, batchId) }))
      const [picture, { draft, present }] = await Promise.all([decoded(image), known])
      if (isGone) return
      editor.open(picture, present.objects, present.attributes)
      const draftOf = { user_id: userId, project_id: projectId, image_id: image.id, batch_id: batchId, tab_id: drafts.tabId }
      own = new Saver(
        editor.board,
        {
          send: (revision, body) => sendChange(image.id, revision, body, batchId),
          keep: (revision, change) => drafts.put({ ...draftOf, revision, ...change }),
          forget: () => drafts.drop(draftOf),
          active: activity.lap(),
          onChange: show,
        },
        draft?.revision ?? present.revision,
      )
      saver.current = own
      setError(null)
      setOpened({ imageId: image.id, saver: own, present })
      if (draft) editor.board.take(changeOf(draft), draft.revision === present.revision)
    }
    open().catch((reason: unknown) => {
      if (!isGone) setError(reason instanceof Error ? reason : new Error(String(reason)))
    })
    return () => {
      isGone = true
      setError(null)
      saver.current = null
      own?.close()
    }
  }, [editor, image, drafts, projectId, batchId, userId, show, activity, tries])
  useLeaving(saver)

  if (!editor) return null
  const isOpen = opened !== null && opened.imageId === image?.id
  return { editor, saver: isOpen ? opened.saver : null, present: isOpen ? opened.present : null, error, retry: () => setTries((count) => count + 1) }
}

/** Whoever looks away may not come back: what waits is sent at once. Whoever comes back, or is online again, need not wait either. */
function useLeaving(saver: RefObject<Saver | null>): void {
  useEffect(() => {
    const turn = () => void (document.visibilityState === "hidden" ? saver.current?.flush() : saver.current?.resume())
    const resume = () => saver.current?.resume()
    document.addEventListener("visibilitychange", turn)
    window.addEventListener("online", resume)
    return () => {
      document.removeEventListener("visibilitychange", turn)
      window.removeEventListener("online", resume)
    }
  }, [saver])
}

/** What is on the board now, to be pasted into the next picture. */
export const drawnOn = (editor: Editor): DrawnObject[] => [...editor.board.objects.values()]
