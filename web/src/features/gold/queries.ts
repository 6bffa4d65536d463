import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type GoldPicture = Schemas["GoldPicture"]
export type GoldPeople = Schemas["GoldPeople"]
export type GoldPerson = Schemas["GoldPerson"]
export type GoldRate = Schemas["GoldRate"]
export type GoldAnswer = Schemas["GoldAnswer"]

const at = (project_id: string) => ({ params: { path: { project_id } } })

// The topic is that of labels: known pictures are labelled like any other.
export const useGold = (projectId: string) => useQuery({ queryKey: key(projectId, "annotations", "gold"), queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/gold", at(projectId))) })

export const useGoldPeople = (projectId: string) =>
  useQuery({ queryKey: key(projectId, "annotations", "gold", "people"), queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/gold/people", at(projectId))) })

/** Pages of what a person said of known pictures, the last first; nothing for null. */
export function useSaid(projectId: string, userId: string | null) {
  return useInfiniteQuery({
    queryKey: key(projectId, "annotations", "gold", "said", userId),
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/gold/people/{user_id}/answers", {
          params: { path: { project_id: projectId, user_id: userId ?? "" }, query: { limit: 60, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    enabled: userId !== null,
  })
}

function useLookAgain(projectId: string) {
  const client = useQueryClient()
  return () => {
    for (const topic of ["annotations", "images", "status"]) void client.invalidateQueries({ queryKey: key(projectId, topic) })
  }
}

export function useMark(projectId: string) {
  return useMutation({
    mutationFn: (body: Schemas["GoldMark"]) => unwrap(api.POST("/api/v1/projects/{project_id}/gold", { ...at(projectId), body })),
    onSuccess: useLookAgain(projectId),
  })
}

export function useRemove(projectId: string) {
  return useMutation({
    mutationFn: (image_ids: string[]) => unwrap(api.POST("/api/v1/projects/{project_id}/gold/remove", { ...at(projectId), body: { image_ids } })),
    onSuccess: useLookAgain(projectId),
  })
}

export function useResume(projectId: string) {
  return useMutation({
    mutationFn: (user_id: string) => unwrap(api.POST("/api/v1/projects/{project_id}/gold/people/{user_id}/resume", { params: { path: { project_id: projectId, user_id } } })),
    onSuccess: useLookAgain(projectId),
  })
}
