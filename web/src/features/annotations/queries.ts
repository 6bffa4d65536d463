import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type ImageCard = Schemas["ImageCard"]
export type SignIn = Schemas["SignIn"]

const project = (projectId: string) => ({ path: { project_id: projectId } })

/** Adds classes one after the other, in the order in which they were typed. */
export function useAddClasses(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (names: string[]) => {
      for (const name of names) await unwrap(api.POST("/api/v1/projects/{project_id}/classes", { params: project(projectId), body: { name, description: "" } }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: key(projectId, "classes") }),
  })
}

export function useSuggestionStatus(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "suggestions", "status"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/suggestions/status", { params: project(projectId) })),
  })
}

export function useStatistics(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "annotations", "statistics"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/annotations/statistics", { params: project(projectId) })),
  })
}

/** Signs in, or (null) looks whether that happened in another tab; throws the server's problem. */
export async function signIn(given: SignIn | null): Promise<boolean> {
  if (given === null) return (await unwrap(api.GET("/api/v1/session"))).user !== null
  await unwrap(api.POST("/api/v1/session", { body: given }))
  return true
}

/** One image as lists show it, for looking back behind a reload. */
export async function cardOf(imageId: string): Promise<ImageCard> {
  return unwrap(api.GET("/api/v1/images/{image_id}", { params: { path: { image_id: imageId } } }))
}
