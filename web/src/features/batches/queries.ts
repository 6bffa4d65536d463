import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { batchQuery, type Batch } from "../../api/batches"
import { api, unwrap, type Schemas } from "../../api/client"
import { globalKeys, key } from "../../api/keys"

export type NewBatch = Schemas["BatchCreate"]
export type BatchChange = Schemas["BatchUpdate"]

const at = (project_id: string) => ({ params: { path: { project_id } } })

export function useBatches(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "batches", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/batches", at(projectId))),
  })
}

export function useMembers(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "members", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/members", at(projectId))),
  })
}

/** Who has pictures of a batch on the screen just now. */
export function useOnScreens(projectId: string, batchId: string) {
  return useQuery({
    queryKey: key(projectId, "presence", batchId),
    queryFn: () => unwrap(api.GET("/api/v1/batches/{batch_id}/on-screens", { params: { path: { batch_id: batchId } } })),
    refetchInterval: 60_000, // Leases end by themselves; all else comes by the stream.
  })
}

/** How suggestions that were taken unchanged fared. */
export function useAudit(projectId: string, batchId: string) {
  return useQuery({
    queryKey: key(projectId, "batches", batchId, "audit"),
    queryFn: () => unwrap(api.GET("/api/v1/batches/{batch_id}/audit", { params: { path: { batch_id: batchId } } })),
  })
}

/** Pages of pictures of which all labels are in, and differ. */
export function useDisputed(projectId: string, batchId: string) {
  return useInfiniteQuery({
    queryKey: key(projectId, "batches", batchId, "disputed"),
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/batches/{batch_id}/disputed", { params: { path: { batch_id: batchId }, query: { limit: 60, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  })
}

export type ReviewState = Schemas["Review"]["state"]

export interface ReviewChoice {
  state: ReviewState | null
  author_id: string | null
  reviewer_id: string | null
}

/** What is, or was, reviewed in a batch, newest first. */
export function useReviews(projectId: string, batchId: string, { state, author_id, reviewer_id }: ReviewChoice) {
  const wanted = { ...(state ? { state: [state] } : {}), ...(author_id ? { author_id } : {}), ...(reviewer_id ? { reviewer_id } : {}) }
  return useInfiniteQuery({
    queryKey: key(projectId, "batches", batchId, "reviews", wanted),
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/batches/{batch_id}/reviews", { params: { path: { batch_id: batchId }, query: { limit: 60, ...wanted, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** Makes what shows batches, pictures and one's own work look again. */
function useLookAgain(projectId: string) {
  const client = useQueryClient()
  return () => {
    for (const topic of ["batches", "status", "images"]) void client.invalidateQueries({ queryKey: key(projectId, topic) })
    void client.invalidateQueries({ queryKey: globalKeys.work })
  }
}

export function useCreateBatch(projectId: string) {
  const again = useLookAgain(projectId)
  return useMutation({
    mutationFn: (body: NewBatch) => unwrap(api.POST("/api/v1/projects/{project_id}/batches", { ...at(projectId), body })),
    onSuccess: again,
    meta: { quiet: true },
  })
}

export function useChangeBatch(batch: Pick<Batch, "id" | "project_id">) {
  const client = useQueryClient()
  const again = useLookAgain(batch.project_id)
  return useMutation({
    mutationFn: (body: BatchChange) => unwrap(api.PATCH("/api/v1/batches/{batch_id}", { params: { path: { batch_id: batch.id } }, body })),
    onSuccess: (changed) => {
      client.setQueryData(batchQuery(batch.project_id, batch.id).queryKey, changed)
      again()
    },
  })
}

export function useDeleteBatch(batch: Pick<Batch, "id" | "project_id">) {
  const again = useLookAgain(batch.project_id)
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/batches/{batch_id}", { params: { path: { batch_id: batch.id } } })),
    onSuccess: again,
  })
}
