import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap } from "../../../../api/client"
import { globalKeys, key } from "../../../../api/keys"
import { placeJob } from "../../../../api/live"
import type { Job } from "../../../../api/shared"

const AGAIN_MS = 500

/** What is suggested for a picture and undecided. */
export function useImageSuggestions(projectId: string, imageId: string | null, batchId: string | null) {
  return useQuery({
    queryKey: key(projectId, "suggestions", "image", imageId, batchId),
    queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}/suggestions", { params: { path: { image_id: imageId ?? "" }, query: batchId ? { batch_id: batchId } : {} } })),
    enabled: imageId !== null,
    staleTime: 0,
    gcTime: 0,
  })
}

/** Has a detector look at one picture. */
export function useSuggestNow(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ imageId, detectorId }: { imageId: string; detectorId: string }) =>
      unwrap(api.POST("/api/v1/images/{image_id}/suggestions/{detector_id}", { params: { path: { image_id: imageId, detector_id: detectorId } } })),
    onSuccess: (job) => placeJob(client, projectId, job),
  })
}

/** A job until it has ended, also where the live stream is down. */
export function useJob(jobId: string | null) {
  return useQuery<Job>({
    queryKey: globalKeys.job(jobId ?? ""),
    queryFn: () => unwrap(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId ?? "" } } })),
    enabled: jobId !== null,
    refetchInterval: (query) => (query.state.data?.finished_at ? false : AGAIN_MS),
  })
}
