import { useQuery } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type PersonWork = Schemas["PersonWork"]
export type ClassWork = Schemas["ClassWork"]

const at = (project_id: string, batchId: string | null) => ({ params: { path: { project_id }, query: batchId ? { batch_id: batchId } : {} } })

// The topic is that of labels: whatever is labelled or reviewed is counted anew.
export function usePeopleWork(projectId: string, batchId: string | null) {
  return useQuery({
    queryKey: key(projectId, "annotations", "work", "people", batchId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/work/people", at(projectId, batchId))),
  })
}

export function useClassWork(projectId: string, batchId: string | null, enabled: boolean) {
  return useQuery({
    queryKey: key(projectId, "annotations", "work", "classes", batchId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/work/classes", at(projectId, batchId))),
    enabled,
  })
}

export function useBatchNames(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "batches", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/batches", { params: { path: { project_id: projectId } } })),
  })
}

/** Where the same is a table for spreadsheets. */
export const csvUrl = (projectId: string, what: "people" | "classes", batchId: string | null) => `/api/v1/projects/${projectId}/work/${what}.csv${batchId ? `?batch_id=${batchId}` : ""}`
