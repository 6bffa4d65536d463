import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import type { paths } from "../../api/generated/schema"
import { key } from "../../api/keys"
import { toServer, type Filters, type Sort } from "./filter/filters"
import { PAGE } from "./grid/places"

export type ImageCard = Schemas["ImageCard"]
export type Changed = Schemas["ChangedAnnotation"]
type IdQuery = NonNullable<paths["/api/v1/projects/{project_id}/images/ids"]["get"]["parameters"]["query"]>

export interface CardPage {
  items: ImageCard[]
  next_cursor: string | null
}

const MANY_IDS = 20_000
export const at = (project_id: string) => ({ path: { project_id } })
const gridKey = (projectId: string) => key(projectId, "images", "grid")

/** Live changes do not reload a list that somebody looks at: every page of it would be fetched again. */
const STILL = { staleTime: Infinity, gcTime: 60_000, refetchOnWindowFocus: false, refetchOnReconnect: false } as const

export const listKey = (projectId: string, filters: Filters, sort: Sort) => [...gridKey(projectId), filters, sort]

export const pageQuery = (projectId: string, filters: Filters, sort: Sort, cursor: string | undefined) =>
  queryOptions({
    ...STILL,
    queryKey: [...listKey(projectId, filters, sort), "page", cursor ?? "first"],
    queryFn: ({ signal }): Promise<CardPage> =>
      unwrap(api.GET("/api/v1/projects/{project_id}/images", { params: { ...at(projectId), query: { ...toServer(filters), sort, cursor, limit: PAGE } }, signal })),
  })

/** Where every page but the first begins. */
export const startsQuery = (projectId: string, filters: Filters, sort: Sort) =>
  queryOptions({
    ...STILL,
    queryKey: [...listKey(projectId, filters, sort), "starts"],
    queryFn: async ({ signal }) => {
      const query = { ...toServer(filters), sort, limit: PAGE }
      return (await unwrap(api.GET("/api/v1/projects/{project_id}/images/pages", { params: { ...at(projectId), query }, signal }))).cursors
    },
  })

export type ImageOutlines = Schemas["ImageOutlines"]

/** What is drawn into some pictures of the list. */
export const outlinesQuery = (projectId: string, filters: Filters, sort: Sort, imageIds: readonly string[]) =>
  queryOptions({
    ...STILL,
    queryKey: [...listKey(projectId, filters, sort), "outlines", imageIds[0], imageIds.length],
    queryFn: async ({ signal }): Promise<ImageOutlines[]> => {
      const found = await unwrap(api.POST("/api/v1/projects/{project_id}/objects/outlines", { params: at(projectId), body: { image_ids: [...imageIds] }, signal }))
      const known = new Set(found.map(({ image_id }) => image_id))
      return [...found, ...imageIds.filter((id) => !known.has(id)).map((image_id) => ({ image_id, total: 0, outlines: [] }))]
    },
  })

/** The ids of all that match, in their order. */
export async function fetchIds(projectId: string, filters: Filters, sort: Sort): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const query: IdQuery = { ...toServer(filters), sort, cursor, limit: MANY_IDS }
    const page: { items: string[]; next_cursor: string | null } = await unwrap(api.GET("/api/v1/projects/{project_id}/images/ids", { params: { ...at(projectId), query } }))
    ids.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return ids
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

/** Changes cards where they stand in the loaded pages; says how many it reached. */
export function patchCards(client: QueryClient, projectId: string, change: (card: ImageCard) => ImageCard | null): number {
  let reached = 0
  const changed = (card: ImageCard) => {
    const next = change(card)
    if (next !== card) reached += 1
    return next
  }
  client.setQueriesData<CardPage | string[]>({ queryKey: gridKey(projectId) }, (data) =>
    data && "items" in data ? { ...data, items: data.items.map(changed).filter((card) => card !== null) } : data,
  )
  return reached
}

export function refresh(client: QueryClient, projectId: string): void {
  const stale = (entry: string) => client.invalidateQueries({ queryKey: key(projectId, "images", entry) })
  void Promise.all([stale("counts"), stale("detail"), client.invalidateQueries({ queryKey: key(projectId, "status") }), client.invalidateQueries({ queryKey: key(projectId, "classes") })])
}

const SOME = 5000

export async function inBatches<T, R>(rows: readonly T[], act: (batch: T[]) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let start = 0; start < rows.length; start += SOME) results.push(await act(rows.slice(start, start + SOME)))
  return results
}

/** What can be said of many pictures at once; "none" takes labels away. */
export type Saying = { answer: "class"; class_id: string } | { answer: "objects" | "does_not_belong" | "not_sure" | "none" }

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
    mutationFn: async ({ changed, nowAt }: { changed: readonly Changed[]; nowAt: (entry: Changed) => number }) => {
      const answers = await inBatches(changed, (part) => {
        const items = part.map((entry) => ({ image_id: entry.image_id, revision: nowAt(entry), ...entry.previous }))
        return unwrap(api.POST("/api/v1/projects/{project_id}/annotations/restore", { params: at(projectId), body: { items } }))
      })
      return answers.flatMap((answer) => answer.changed)
    },
    onSuccess: (restored, { changed }) => {
      const revisions = new Map(restored.map(({ image_id, revision }) => [image_id, revision]))
      const before = new Map(changed.map((entry) => [entry.image_id, entry.previous]))
      patchCards(client, projectId, (card) => {
        const [previous, revision] = [before.get(card.id), revisions.get(card.id)]
        if (!previous || revision === undefined) return card
        const { answer, class_id } = previous
        return { ...card, answer: answer === "none" ? null : { answer, class_id, revision, author_id: null, source: "human" } }
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
      const reached = patchCards(client, projectId, (card) => (gone.has(card.id) ? null : card))
      refresh(client, projectId)
      if (reached < gone.size) void client.resetQueries({ queryKey: gridKey(projectId) })
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
