/** What labels that came again would change: asked for, applied, forgotten, taken back. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../../api/client"
import { key } from "../../../api/keys"
import type { Import } from "./useUpload"

export type Changes = Schemas["ImportChanges"]
export type ImportChange = Schemas["ImportChange"]
export type ChangeSide = Schemas["ChangeSide"]
export type Kind = "all" | "added" | "changed" | "deleted" | "answer" | "edited"

const PAGE = 60

const at = (import_id: string) => ({ path: { import_id } })

/** The pictures that would change, page by page. */
export function useChanges(projectId: string, importId: string, kind: Kind) {
  return useInfiniteQuery({
    queryKey: key(projectId, "images", "import-changes", importId, kind),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const only = kind === "all" ? {} : kind === "edited" ? { edited: true } : { kind }
      return unwrap(api.GET("/api/v1/imports/{import_id}/changes", { params: { ...at(importId), query: { ...only, cursor: pageParam, limit: PAGE } } }))
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    staleTime: Infinity,
  })
}

/** Both sides of one picture. */
export function useChange(projectId: string, importId: string, imageId: string | null) {
  return useQuery({
    queryKey: key(projectId, "images", "import-change", importId, imageId),
    enabled: imageId !== null,
    staleTime: Infinity,
    queryFn: () => unwrap(api.GET("/api/v1/imports/{import_id}/changes/{image_id}", { params: { path: { import_id: importId, image_id: imageId ?? "" } } })),
  })
}

type Step = { kind: "apply"; includeEdited: boolean } | { kind: "discard" } | { kind: "take-back" }

/** A person's word on what an import said. */
export function useDecide(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ entry, step }: { entry: Import; step: Step }) => {
      const params = at(entry.id)
      if (step.kind === "apply") return unwrap(api.POST("/api/v1/imports/{import_id}/apply", { params, body: { include_edited: step.includeEdited } }))
      if (step.kind === "discard") return unwrap(api.POST("/api/v1/imports/{import_id}/discard", { params }))
      return unwrap(api.POST("/api/v1/imports/{import_id}/take-back", { params }))
    },
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "images", "imports") }),
  })
}
