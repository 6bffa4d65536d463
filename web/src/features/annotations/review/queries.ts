/** What the review page asks of the API. */

import { useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../../api/client"
import { globalKeys, key } from "../../../api/keys"
import type { Queued, QueueSource } from "../session/queue"
import type { Decision, Detail } from "./correction"

/** A picture to review: named by its picture, as pictures of all queues are. */
export type ToReview = Detail & { id: string }
export type Lent = Schemas["LentReview"]

export const toQueued = ({ detail, lease_token }: Lent): Queued<ToReview> => ({ image: { ...detail, id: detail.review.image_id }, reason: "", lease_token, guess: detail.guess })

/** What is to be reviewed in a project, or in one of its batches. */
export function reviewSource(projectId: string, batchId: string | null, reviewOf: (imageId: string) => string | undefined): QueueSource<ToReview> {
  const params = { path: { project_id: projectId } }
  return {
    next: async (_, count, exclude) => {
      const found = await unwrap(api.GET("/api/v1/projects/{project_id}/reviews/next", { params: { ...params, query: { count, exclude, ...(batchId ? { batch_id: batchId } : {}) } } }))
      return { ...found, items: found.items.map(toQueued) }
    },
    release: (lease_tokens) => {
      if (lease_tokens.length === 0) return
      void api.POST("/api/v1/projects/{project_id}/reviews/release", { params, body: { lease_tokens }, keepalive: true }).catch(() => undefined)
    },
    heartbeat: async (lease_tokens) => {
      await api.POST("/api/v1/projects/{project_id}/reviews/heartbeat", { params, body: { lease_tokens } })
    },
    skip: async (imageId) => {
      const review_id = reviewOf(imageId)
      if (review_id) await unwrap(api.POST("/api/v1/reviews/{review_id}/skip", { params: { path: { review_id } } }))
    },
  }
}

export type Outcome = { kind: "done"; review: Schemas["Review"] } | { kind: "changed"; detail: Detail } | { kind: "moved-on" | "refused"; text: string } | { kind: "signed-out" | "offline" }

/** Decides about a label at the revision that was seen. */
export async function decide({ id, revision }: Detail["review"], body: Decision): Promise<Outcome> {
  try {
    const { data, error, response } = await api.POST("/api/v1/reviews/{review_id}/decision", { params: { path: { review_id: id }, header: { "if-match": String(revision) } }, body })
    if (data) return { kind: "done", review: data }
    const problem = (error ?? {}) as { detail?: string; current?: Detail }
    if (response.status === 401) return { kind: "signed-out" }
    if (response.status === 412 && problem.current && "author" in problem.current) return { kind: "changed", detail: problem.current }
    if (response.status === 429 || response.status >= 500) return { kind: "offline" }
    const isOver = response.status === 404 || response.status === 409 || response.status === 403
    return { kind: isOver ? "moved-on" : "refused", text: problem.detail ?? `The server answered ${response.status}.` }
  } catch {
    return { kind: "offline" }
  }
}

export const takeBack = (review_id: string): Promise<Lent> => unwrap(api.POST("/api/v1/reviews/{review_id}/undo", { params: { path: { review_id } } }))

/** One review that somebody looks at again; nothing for null. */
export function useReview(projectId: string, reviewId: string | null) {
  return useQuery({
    queryKey: key(projectId, "reviews", reviewId),
    queryFn: () => unwrap(api.GET("/api/v1/reviews/{review_id}", { params: { path: { review_id: reviewId ?? "" } } })),
    enabled: reviewId !== null,
  })
}

/** After a decision other pages know less than the server. */
export function useTold(projectId: string): () => void {
  const client = useQueryClient()
  return () => {
    for (const room of ["batches", "reviews"]) void client.invalidateQueries({ queryKey: key(projectId, room) })
    void client.invalidateQueries({ queryKey: globalKeys.work })
  }
}
