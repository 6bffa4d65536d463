import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"
import { doneToast, undoToast } from "../../ui"
import { asked, type Filters } from "./filters"
import { strings } from "./strings"

export type Entry = Schemas["HistoryEvent"]
export type ImageState = Schemas["ImageState"]
export type Revision = Schemas["AnnotationRevision"]

/** A project, or the installation where there is none. */
export type Scope = string | null

const keyOf = (scope: Scope, ...rest: readonly unknown[]) => (scope === null ? (["installation", "history", ...rest] as const) : key(scope, "history", ...rest))
const at = (project_id: string) => ({ path: { project_id } })

export function useHistory(scope: Scope, filters: Filters) {
  return useInfiniteQuery({
    queryKey: keyOf(scope, "list", filters),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...asked(filters), cursor: pageParam, limit: 50 }
      if (scope === null) return unwrap(api.GET("/api/v1/installation/history", { params: { query }, signal }))
      return unwrap(api.GET("/api/v1/projects/{project_id}/history", { params: { ...at(scope), query }, signal }))
    },
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}

export function useHistoryKinds(scope: Scope) {
  return useQuery({
    queryKey: keyOf(scope, "kinds"),
    queryFn: () => (scope === null ? unwrap(api.GET("/api/v1/installation/history/kinds")) : unwrap(api.GET("/api/v1/projects/{project_id}/history/kinds", { params: at(scope) }))),
  })
}

export function useHistoryPeople(scope: Scope) {
  return useQuery({
    queryKey: keyOf(scope, "people"),
    queryFn: () => (scope === null ? unwrap(api.GET("/api/v1/installation/history/people")) : unwrap(api.GET("/api/v1/projects/{project_id}/history/people", { params: at(scope) }))),
  })
}

export function usePictureOf(projectId: string, image_id: string) {
  return useQuery({
    queryKey: key(projectId, "images", "one", image_id),
    queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}", { params: { path: { image_id } } })),
  })
}

/** Every revision of a picture, newest first. */
export function useRevisions(projectId: string, image_id: string) {
  return useQuery({
    queryKey: key(projectId, "annotations", "revisions", image_id),
    queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}/annotation/history", { params: { path: { image_id } } })),
  })
}

export function useImageState(projectId: string, image_id: string, revision: number) {
  return useQuery({
    queryKey: key(projectId, "annotations", "state", image_id, revision),
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/images/{image_id}/states/{revision}", { params: { path: { image_id, revision } }, signal })),
    placeholderData: keepPreviousData,
  })
}

/** Lets a state hold again, and offers to take that back. */
export function useRestore(projectId: string, image_id: string, onDone: (revision: number) => void) {
  const client = useQueryClient()
  const run = ({ revision, latest }: { revision: number; latest: number }) =>
    unwrap(api.POST("/api/v1/images/{image_id}/states/restore", { params: { path: { image_id }, header: { "if-match": String(latest) } }, body: { revision } }))
  const refresh = () => client.invalidateQueries({ queryKey: key(projectId, "annotations") })
  return useMutation({
    mutationFn: run,
    onSuccess: (state, { revision, latest }) => {
      onDone(state.revision)
      const undo = async () => {
        const back = await run({ revision: latest, latest: state.revision })
        await refresh()
        onDone(back.revision)
        doneToast(strings.undone)
      }
      undoToast(strings.restored(revision), () => void undo().catch((error: unknown) => doneToast(error instanceof Error ? error.message : String(error))))
    },
    onSettled: refresh,
  })
}
