/** Batches as several features show them: how far they are, and what there is to label for oneself. */

import { queryOptions, useQuery } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "./client"
import { globalKeys, key } from "./keys"

export type Batch = Schemas["Batch"]
export type Work = Schemas["Work"]

export const batchQuery = (projectId: string, batchId: string) =>
  queryOptions({
    queryKey: key(projectId, "batches", batchId),
    queryFn: () => unwrap(api.GET("/api/v1/batches/{batch_id}", { params: { path: { batch_id: batchId } } })),
  })

/** One batch; nothing for null. */
export function useBatch(projectId: string, batchId: string | null) {
  return useQuery({ ...batchQuery(projectId, batchId ?? ""), enabled: batchId !== null })
}

export const workQuery = queryOptions({
  queryKey: globalKeys.work,
  queryFn: () => unwrap(api.GET("/api/v1/me/work")),
})

/** The batches of all projects in which there is something to label for oneself, the most urgent first. */
export const useWork = () => useQuery(workQuery)
