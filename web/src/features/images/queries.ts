import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData, type QueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"
import { toServer, type Filters, type Sort } from "./filter/filters"

export type ImageCard = Schemas["ImageCard"]
export type Changed = Schemas["ChangedAnnotation"]
type Pages = InfiniteData<{ items: ImageCard[]; next_cursor: string | null }, string | undefined>

const PAGE = 250
const at = (project_id: string) => ({ path: { project_id } })
const gridKey = (projectId: string) => key(projectId, "images", "grid")

/** Pages in order, as far as somebody scrolled. Live changes do not reload it: that would fetch every page again. */
export function useGridPages(projectId: string, filters: Filters, sort: Sort) {
  return useInfiniteQuery({
    queryKey: [...gridKey(projectId), filters, sort],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/api/v1/projects/{project_id}/images", { params: { ...at(projectId), query: { ...toServer(filters), sort, cursor: pageParam, limit: PAGE } }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Infinity,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export function useCounts(projectId: string, filters: Filters) {
  return useQuery({
    queryKey: key(projectId, "images", "counts", filters),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/images/counts", { params: { ...at(projectId), query: toServer(filters) } })),
    placeholderData: (before) => before,
  })
}

export function useImage(projectId: string, imageId: string) {
  return useQuery({
    queryKey: key(projectId, "images", "detail", imageId),
    queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}", { params: { path: { image_id: imageId } } })),
  })
}

const NEAREST = 12

/** Fails quietly while the pictures were not looked at yet: the panel says so in a sentence. */
export function useSimilar(projectId: string, imageId: string) {
  return useQuery({
    queryKey: key(projectId, "images", "similar", imageId),
    queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}/similar", { params: { path: { image_id: imageId }, query: { limit: NEAREST } } })),
    staleTime: 60_000,
    retry: false,
    meta: { quiet: true },
  })
}

/** Changes cards where they stand in the loaded lists. */
function patchCards(client: QueryClient, projectId: string, change: (card: ImageCard) => ImageCard | null): void {
  client.setQueriesData<Pages>({ queryKey: gridKey(projectId) }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(change).filter((card) => card !== null) })) },
  )
}

function refresh(client: QueryClient, projectId: string): void {
  const stale = (entry: string) => client.invalidateQueries({ queryKey: key(projectId, "images", entry) })
  void Promise.all([stale("counts"), stale("detail"), client.invalidateQueries({ queryKey: key(projectId, "status") }), client.invalidateQueries({ queryKey: key(projectId, "classes") })])
}

const SOME = 5000

async function inBatches<R>(ids: readonly string[], act: (batch: string[]) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < ids.length; start += SOME) results.push(await act(ids.slice(start, start + SOME)))
  return results
}

/** What can be said of many pictures at once; "none" takes labels away. */
export type Saying = { answer: "class"; class_id: string } | { answer: "does_not_belong" | "not_sure" | "none" }

/** Labels many pictures in one step. */
export function useLabelMany(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ ids, saying: body }: { ids: readonly string[]; saying: Saying }) => {
      const answers = await inBatches(ids, (image_ids) => unwrap(api.POST("/api/v1/projects/{project_id}/annotations/bulk", { params: at(projectId), body: { ...body, image_ids } })))
      return answers.flatMap((answer) => answer.changed)
    },
    onSuccess: (changed, { saying }) => {
      const revisions = new Map(changed.map((entry) => [entry.image_id, entry.revision]))
      patchCards(client, projectId, (card) => {
        const revision = revisions.get(card.id)
        if (revision === undefined) return card
        const class_id = saying.answer === "class" ? saying.class_id : null
        return { ...card, answer: saying.answer === "none" ? null : { answer: saying.answer, class_id, revision, author_id: null, source: "human" } }
      })
      refresh(client, projectId)
    },
  })
}

/** Puts back what a bulk step changed. */
export function useUnlabelMany(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changed: readonly Changed[]) => {
      const byId = new Map(changed.map((entry) => [entry.image_id, entry]))
      return inBatches([...byId.keys()], (ids) => {
        const items = ids.flatMap((id) => {
          const entry = byId.get(id)
          return entry ? [{ image_id: id, revision: entry.revision, ...entry.previous }] : []
        })
        return unwrap(api.POST("/api/v1/projects/{project_id}/annotations/restore", { params: at(projectId), body: { items } }))
      })
    },
    onSuccess: (_answers, changed) => {
      const before = new Map(changed.map((entry) => [entry.image_id, entry]))
      patchCards(client, projectId, (card) => {
        const entry = before.get(card.id)
        if (!entry) return card
        const { answer, class_id } = entry.previous
        return { ...card, answer: answer === "none" ? null : { answer, class_id, revision: entry.revision + 1, author_id: null, source: "human" } }
      })
      refresh(client, projectId)
    },
  })
}

export function useDeleteImages(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: readonly string[]) => inBatches(ids, (batch) => unwrap(api.DELETE("/api/v1/projects/{project_id}/images", { params: at(projectId), body: { ids: batch } }))),
    onSuccess: (_answers, ids) => {
      const gone = new Set(ids)
      patchCards(client, projectId, (card) => (gone.has(card.id) ? null : card))
      refresh(client, projectId)
    },
  })
}

export function useRestoreImages(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: readonly string[]) => inBatches(ids, (batch) => unwrap(api.POST("/api/v1/projects/{project_id}/images/restore", { params: at(projectId), body: { ids: batch } }))),
    onSuccess: () => {
      refresh(client, projectId)
      return client.resetQueries({ queryKey: gridKey(projectId) })
    },
  })
}
