/** The queue's images over the API. */

import { api, unwrap, type Schemas } from "../../../api/client"
import type { QueueSource } from "./queue"

/** The project's open queue, or one of its batches. */
export function queueSource(projectId: string, batchId: string | null = null): QueueSource<Schemas["ImageCard"]> {
  const params = { path: { project_id: projectId } }
  return {
    next: (order, count, exclude) => unwrap(api.GET("/api/v1/projects/{project_id}/queue/next", { params: { ...params, query: { count, exclude, ...(batchId ? { batch_id: batchId } : { order }) } } })),
    release: (lease_tokens) => {
      if (lease_tokens.length === 0) return
      void api.POST("/api/v1/projects/{project_id}/queue/release", { params, body: { lease_tokens }, keepalive: true }).catch(() => undefined)
    },
    heartbeat: async (lease_tokens) => {
      await api.POST("/api/v1/projects/{project_id}/queue/heartbeat", { params, body: { lease_tokens } })
    },
    skip: async (image_id) => {
      await unwrap(api.POST("/api/v1/projects/{project_id}/queue/skip", { params, body: { image_id } }))
    },
  }
}
