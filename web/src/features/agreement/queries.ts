import { useInfiniteQuery, useQuery } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { key } from "../../api/keys"

export type Agreement = Schemas["Agreement"]
export type AgreementPair = Schemas["AgreementPair"]
export type AgreementPerson = Schemas["AgreementPerson"]

/** Which pictures are looked at: those in which these people differ, or where these things were said. */
export interface Differing {
  people?: readonly string[]
  said?: readonly string[]
}

export function useAgreement(projectId: string, batchId: string | null) {
  return useQuery({
    queryKey: key(projectId, "batches", "agreement", batchId),
    queryFn: () =>
      unwrap(api.GET("/api/v1/projects/{project_id}/agreement", { params: { path: { project_id: projectId }, query: batchId ? { batch_id: batchId } : {} } })),
  })
}

export function useBatchNames(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "batches", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/batches", { params: { path: { project_id: projectId } } })),
  })
}

/** Pages of the pictures in which people differ; nothing is asked as long as nothing is looked at. */
export function useDiffering(projectId: string, batchId: string | null, wanted: Differing | null) {
  return useInfiniteQuery({
    queryKey: key(projectId, "batches", "differing", batchId, wanted),
    enabled: wanted !== null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/agreement/images", {
          params: {
            path: { project_id: projectId },
            query: {
              limit: 60,
              person: [...(wanted?.people ?? [])],
              said: [...(wanted?.said ?? [])],
              ...(batchId ? { batch_id: batchId } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  })
}
