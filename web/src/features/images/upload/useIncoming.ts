import { useQueryClient } from "@tanstack/react-query"
import { useCallback, useState } from "react"

import { key } from "../../../api/keys"
import { errorToast } from "../../../ui"
import { strings } from "../strings"
import { foldersOf, mayHoldLabels, type Picked } from "./collect"
import { useWindowDrop } from "./DropZone"
import { uploaderOf, type Options } from "./uploader"
import { useImports, useUpload } from "./useUpload"

const PLAIN: Options = { format: "auto", is_one_based: false, labels_from_folders: true, split: null }

/** Files that somebody dropped or chose: asked about when they lie in folders or may hold labels, sent, and gone on with when begun before. */
export function useIncoming(projectId: string) {
  const client = useQueryClient()
  const imports = useImports(projectId)
  const upload = useUpload(projectId)
  const [asked, setAsked] = useState<Picked[] | null>(null)
  const uploader = uploaderOf(projectId)
  const sending = uploader.isBusy ? upload.importId : null
  const resume = imports.data?.items.find((entry) => entry.state === "receiving")?.id ?? null

  const start = useCallback(
    async (picked: readonly Picked[], options: Options) => {
      setAsked(null)
      await uploader.start(picked, options, resume)
      await Promise.all([client.invalidateQueries({ queryKey: key(projectId, "images", "imports") }), client.invalidateQueries({ queryKey: key(projectId, "jobs") })])
    },
    [client, projectId, uploader, resume],
  )
  const take = useCallback(
    (picked: Picked[]) => {
      if (picked.length === 0) return
      if (uploader.isBusy) errorToast(strings.busy)
      else if (resume === null && (foldersOf(picked).length > 0 || mayHoldLabels(picked))) setAsked(picked)
      else void start(picked, PLAIN)
    },
    [uploader, resume, start],
  )
  const isOver = useWindowDrop(take)
  return { take, start, asked, isOver, sending, drop: () => setAsked(null) }
}
