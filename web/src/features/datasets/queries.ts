import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { globalKeys, key } from "../../api/keys"

export type Version = Schemas["Version"]
export type VersionImage = Schemas["VersionImage"]
export type VersionDiff = Schemas["VersionDiff"]
export type Split = "train" | "val" | "test"

export function useVersions(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "versions", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/versions", { params: { path: { project_id: projectId }, query: { limit: 200 } } })),
  })
}

export function useVersion(projectId: string, versionId: string) {
  return useQuery({
    queryKey: key(projectId, "versions", versionId),
    queryFn: () => unwrap(api.GET("/api/v1/versions/{version_id}", { params: { path: { version_id: versionId } } })),
  })
}

export function useVersionImages(projectId: string, versionId: string, split: Split | null, classId: string | null) {
  return useInfiniteQuery({
    queryKey: key(projectId, "versions", versionId, "images", split, classId),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/versions/{version_id}/images", {
          params: { path: { version_id: versionId }, query: { split, class_id: classId, cursor: pageParam, limit: 60 } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useDiff(projectId: string, versionId: string, against: string | null) {
  return useQuery({
    queryKey: key(projectId, "versions", versionId, "diff", against),
    enabled: against !== null,
    queryFn: () =>
      unwrap(api.GET("/api/v1/versions/{version_id}/diff", { params: { path: { version_id: versionId }, query: { against: against ?? "" } } })),
  })
}

/** What would go into a version now; asked anew whenever somebody looks. */
export function usePreview(projectId: string, isWanted: boolean) {
  return useQuery({
    queryKey: key(projectId, "versions", "preview"),
    enabled: isWanted,
    staleTime: 0,
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/versions/preview", { params: { path: { project_id: projectId } } })),
  })
}

/** Answers with the version, or with the job that freezes it where there is much. */
export function useFreeze(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["VersionCreate"]): Promise<Version | Schemas["Job"]> =>
      unwrap(api.POST("/api/v1/projects/{project_id}/versions", { params: { path: { project_id: projectId } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "versions") }),
  })
}

export function useExport(projectId: string) {
  return useMutation({
    mutationFn: (body: Schemas["ExportCreate"]) =>
      unwrap(api.POST("/api/v1/projects/{project_id}/exports", { params: { path: { project_id: projectId } }, body })),
  })
}

/** Follows a job until it ends. */
export function useJob(jobId: string | null) {
  return useQuery({
    queryKey: globalKeys.job(jobId ?? ""),
    enabled: jobId !== null,
    queryFn: () => unwrap(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: jobId ?? "" } } })),
    refetchInterval: (query) => (query.state.data?.finished_at ? false : 700),
  })
}

export function useCancelJob(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (jobId: string) => unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: jobId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "jobs") }),
  })
}
