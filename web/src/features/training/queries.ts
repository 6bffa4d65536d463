import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type Run = Schemas["Run"]

export function useRuns(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "runs", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/runs", { params: { path: { project_id: projectId }, query: { limit: 200 } } })),
  })
}

/** Asked for again while it runs, so that the curve grows even where live events are cut off. */
export function useRun(projectId: string, runId: string) {
  return useQuery({
    queryKey: key(projectId, "runs", runId),
    queryFn: () => unwrap(api.GET("/api/v1/runs/{run_id}", { params: { path: { run_id: runId } } })),
    refetchInterval: (query) => (query.state.data && !isOver(query.state.data) ? 1000 : false),
  })
}

export function isOver(run: Run): boolean {
  return run.state !== "queued" && run.state !== "running"
}

export function useVersionChoices(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "versions", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/versions", { params: { path: { project_id: projectId }, query: { limit: 200 } } })),
  })
}

export function useStartRun(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    meta: { quiet: true }, // The dialog shows what stands in the way, for as long as it does.
    mutationFn: (body: Schemas["RunCreate"]) => unwrap(api.POST("/api/v1/projects/{project_id}/runs", { params: { path: { project_id: projectId } }, body })),
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: key(projectId, "runs") }), client.invalidateQueries({ queryKey: key(projectId, "versions") })]),
  })
}

export function useCancelRun(projectId: string, runId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/runs/{run_id}/cancel", { params: { path: { run_id: runId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "runs") }),
  })
}
