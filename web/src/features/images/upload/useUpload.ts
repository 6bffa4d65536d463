import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useSyncExternalStore } from "react"

import { api, unwrap, type Schemas } from "../../../api/client"
import { globalKeys, key } from "../../../api/keys"
import { placeJob } from "../../../api/live"
import { doneToast } from "../../../ui"
import { uploaderOf, type UploadState } from "./uploader"

export type Import = Schemas["Import"]
export type ImportFile = Schemas["ImportFile"]

export function useUpload(projectId: string): UploadState {
  const uploader = uploaderOf(projectId)
  return useSyncExternalStore(uploader.subscribe, uploader.read)
}

export function useImports(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "images", "imports"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/imports", { params: { path: { project_id: projectId } } })),
  })
}

/** Follows the job of an import; the live stream moves it. */
export function useImportJob(projectId: string, jobId: string | null) {
  const client = useQueryClient()
  return useQuery({
    queryKey: globalKeys.job(jobId ?? ""),
    enabled: jobId !== null,
    queryFn: async () => {
      const job = await unwrap(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId ?? "" } } }))
      if (job.finished_at !== null) void client.invalidateQueries({ queryKey: key(projectId, "images", "imports") })
      return job
    },
    refetchInterval: ({ state }) => (state.data?.finished_at ? false : 4000),
  })
}

export function useCancelImport(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (jobId: string) => unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: jobId } } })),
    onSuccess: (job) => {
      doneToast(job.title)
      void client.invalidateQueries({ queryKey: key(projectId, "jobs") })
    },
  })
}

export function useRetryImport(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (jobId: string) => unwrap(api.POST("/api/v1/jobs/{job_id}/retry", { params: { path: { job_id: jobId } } })),
    onSuccess: (job) => placeJob(client, projectId, job),
  })
}

/** Ends an import that waits for files that will not come. */
export function useFinish(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (importId: string) => unwrap(api.POST("/api/v1/imports/{import_id}/finish", { params: { path: { import_id: importId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "images", "imports") }),
  })
}
