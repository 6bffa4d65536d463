import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type Deployment = Schemas["Deployment"]
export type Prediction = Schemas["Prediction"]
export type KeptPrediction = Schemas["KeptPrediction"]
export type Model = Schemas["Model"]

const isMoving = (deployment: Deployment) => deployment.state === "loading"

export function useDeployments(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "deployments", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/deployments", { params: { path: { project_id: projectId }, query: { limit: 200 } } })),
    refetchInterval: (query) => (query.state.data?.items.some(isMoving) ? 1000 : false),
  })
}

export function useDeployment(projectId: string, name: string) {
  return useQuery({
    queryKey: key(projectId, "deployments", name),
    queryFn: () => unwrap(api.GET("/api/v1/deployments/{name}", { params: { path: { name } } })),
    refetchInterval: (query) => (query.state.data && isMoving(query.state.data) ? 700 : false),
  })
}

export function useModelChoices(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "models", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/models", { params: { path: { project_id: projectId }, query: { limit: 200 } } })),
  })
}

function useChanged(projectId: string) {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: key(projectId, "deployments") })
}

export function useCreate(projectId: string) {
  return useMutation({
    mutationFn: (body: Schemas["DeploymentCreate"]) =>
      unwrap(api.POST("/api/v1/projects/{project_id}/deployments", { params: { path: { project_id: projectId } }, body })),
    onSuccess: useChanged(projectId),
  })
}

export function useUpdate(projectId: string, name: string) {
  return useMutation({
    mutationFn: (body: Schemas["DeploymentUpdate"]) => unwrap(api.PATCH("/api/v1/deployments/{name}", { params: { path: { name } }, body })),
    onSuccess: useChanged(projectId),
  })
}

export function useRemove(projectId: string, name: string) {
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/deployments/{name}", { params: { path: { name } } })),
    onSuccess: useChanged(projectId),
  })
}

/** Sends the file itself as the body, as a script would. */
export function usePredict(projectId: string, name: string) {
  return useMutation({
    mutationFn: (file: File) =>
      unwrap(
        api.POST("/api/v1/deployments/{name}/predict", {
          params: { path: { name }, query: { top: 5 } },
          body: file as never,
          bodySerializer: (body: unknown) => body as File,
          headers: { "Content-Type": "application/octet-stream" },
        }),
      ),
    onSuccess: useChanged(projectId),
  })
}

export function useDoubtful(projectId: string, name: string, isOn: boolean) {
  return useInfiniteQuery({
    queryKey: key(projectId, "deployments", name, "doubtful"),
    enabled: isOn,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/deployments/{name}/predictions", { params: { path: { name }, query: { undecided: true, cursor: pageParam, limit: 30 } } })),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useSendDoubtful(projectId: string, name: string) {
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/deployments/{name}/send-doubtful", { params: { path: { name } } })),
    onSuccess: useChanged(projectId),
  })
}

export const pictureUrl = (name: string, predictionId: string) => `/api/v1/deployments/${name}/predictions/${predictionId}/picture`
