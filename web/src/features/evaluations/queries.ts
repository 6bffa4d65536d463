import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type Model = Schemas["Model"]
export type Evaluation = Schemas["Evaluation"]
export type Report = Schemas["Report"]
export type ClassReport = Schemas["ClassReport"]
export type Comparison = Schemas["Comparison"]

export function useModels(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "models", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/models", { params: { path: { project_id: projectId }, query: { limit: 200 } } })),
  })
}

export function useModel(projectId: string, modelId: string) {
  return useQuery({
    queryKey: key(projectId, "models", modelId),
    queryFn: () => unwrap(api.GET("/api/v1/models/{model_id}", { params: { path: { model_id: modelId } } })),
  })
}

export function useEvaluation(projectId: string, modelId: string) {
  return useQuery({
    queryKey: key(projectId, "models", modelId, "evaluation"),
    queryFn: () => unwrap(api.GET("/api/v1/models/{model_id}/evaluations", { params: { path: { model_id: modelId }, query: { split: "test" } } })),
  })
}

export function useMeasure(projectId: string, modelId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/models/{model_id}/evaluations", { params: { path: { model_id: modelId } }, body: { split: "test" } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "models") }),
  })
}

export interface CellFilter {
  truth?: string
  predicted?: string
  wrong?: boolean
}

export function useCellImages(projectId: string, evaluationId: string, filter: CellFilter | null) {
  return useInfiniteQuery({
    queryKey: key(projectId, "models", "evaluation-images", evaluationId, filter),
    enabled: filter !== null,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/evaluations/{evaluation_id}/images", {
          params: { path: { evaluation_id: evaluationId }, query: { ...filter, cursor: pageParam, limit: 60 } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useComparison(projectId: string, modelId: string, otherId: string | null) {
  return useQuery({
    queryKey: key(projectId, "models", modelId, "compare", otherId),
    enabled: otherId !== null,
    queryFn: () => unwrap(api.GET("/api/v1/models/{model_id}/compare/{other_id}", { params: { path: { model_id: modelId, other_id: otherId ?? "" } } })),
  })
}

export function useSendToQueue(projectId: string, evaluationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (what: "wrong" | "undecided") =>
      unwrap(api.POST("/api/v1/evaluations/{evaluation_id}/send-to-queue", { params: { path: { evaluation_id: evaluationId } }, body: { what } })),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId, "annotations") }),
  })
}

/** Any pictures, with the reason that people will read when they see them again. */
export function useQueueImages(projectId: string) {
  return useMutation({
    mutationFn: (body: { image_ids: string[]; reason: string }) =>
      unwrap(api.POST("/api/v1/projects/{project_id}/queue/add", { params: { path: { project_id: projectId } }, body })),
  })
}
