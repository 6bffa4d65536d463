import { useMutation, useQueryClient } from "@tanstack/react-query"

import { api, unwrap } from "../../api/client"
import { placeJob } from "../../api/live"
import type { Job } from "../../api/shared"

function useJobAction(projectId: string, act: (jobId: string) => Promise<Job>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSuccess: (job) => placeJob(client, projectId, job) })
}

export const useCancelJob = (projectId: string) =>
  useJobAction(projectId, (jobId) => unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: jobId } } })))

export const useRetryJob = (projectId: string) =>
  useJobAction(projectId, (jobId) => unwrap(api.POST("/api/v1/jobs/{job_id}/retry", { params: { path: { job_id: jobId } } })))
