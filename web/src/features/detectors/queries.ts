import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import type { Detector } from "../../api/detectors"
import { key } from "../../api/keys"
import { placeJob } from "../../api/live"
import { sendForm } from "../../api/uploads"

export type Statistics = Schemas["DetectorStatistics"]
export type Choice = Schemas["SuggestObjects"]

const one = (detector_id: string) => ({ params: { path: { detector_id } } })

/** Nobody waits for the list: a card that is gone from it would not tell what became of its mutation. */
function useRefresh(projectId: string) {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: key(projectId, "suggestions") })
  }
}

export function useStatistics(projectId: string, isWanted: boolean) {
  return useQuery({
    queryKey: key(projectId, "suggestions", "statistics"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/detectors/statistics", { params: { path: { project_id: projectId } } })),
    enabled: isWanted,
  })
}

export interface Brought {
  network: File
  card: File
  name: string
  onProgress: (share: number) => void
}

/** Sends a detector; the server tries it before it answers. What is wrong is shown beside the files. */
export function useBring(projectId: string) {
  return useMutation({
    mutationFn: ({ network, card, name, onProgress }: Brought) => {
      const form = new FormData()
      form.set("network", network)
      form.set("card", card)
      if (name.trim()) form.set("name", name.trim())
      return sendForm<Detector>(`/api/v1/projects/${projectId}/detectors`, form, onProgress)
    },
    meta: { quiet: true },
    onSuccess: useRefresh(projectId),
  })
}

export function useUpdateDetector(projectId: string) {
  return useMutation({
    mutationFn: ({ id, ...body }: Schemas["DetectorUpdate"] & { id: string }) => unwrap(api.PATCH("/api/v1/detectors/{detector_id}", { ...one(id), body })),
    onSuccess: useRefresh(projectId),
  })
}

export function useDeleteDetector(projectId: string) {
  return useMutation({ mutationFn: (id: string) => unwrap(api.DELETE("/api/v1/detectors/{detector_id}", one(id))), onSuccess: useRefresh(projectId) })
}

export function useRestoreDetector(projectId: string) {
  return useMutation({ mutationFn: (id: string) => unwrap(api.POST("/api/v1/detectors/{detector_id}/restore", one(id))), onSuccess: useRefresh(projectId) })
}

/** Has a detector look at many pictures, in a job. */
export function useSuggest(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: Choice & { id: string }) => unwrap(api.POST("/api/v1/detectors/{detector_id}/suggest", { ...one(id), body })),
    onSuccess: (job) => placeJob(client, projectId, job),
  })
}

export function useAddClass(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => unwrap(api.POST("/api/v1/projects/{project_id}/classes", { params: { path: { project_id: projectId } }, body: { name, description: "" } })),
    onSuccess: (classes) => client.setQueryData(key(projectId, "classes", "list"), classes),
  })
}

export function useCancel(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: id } } })),
    onSuccess: (job) => placeJob(client, projectId, job),
  })
}
