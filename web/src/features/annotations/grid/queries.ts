import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query"
import { useCallback } from "react"

import { api, unwrap } from "../../../api/client"
import { key } from "../../../api/keys"
import type { ImageCard } from "../queries"

interface CardPage {
  items: ImageCard[]
  next_cursor: string | null
}

export const PAGE = 60

/** Unanswered images: those that look like one class, surest first, or all of them; as many as somebody works through. */
export function useGridPage(projectId: string, classId: string | null) {
  return useInfiniteQuery({
    queryKey: key(projectId, "labelling", "grid", classId),
    initialPageParam: undefined as string | undefined,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ pageParam }): Promise<CardPage> =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/images", {
          params: {
            path: { project_id: projectId },
            query: { labelled: false, limit: 200, cursor: pageParam, ...(classId ? { suggested_class_id: [classId], sort: "-score" as const } : {}) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}

/** How many unanswered images look like each class. */
export function useSuggestedCounts(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "suggestions", "counts"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/images/counts", { params: { path: { project_id: projectId }, query: { labelled: false } } })),
  })
}

export function useRefreshGrid(projectId: string): () => void {
  const client = useQueryClient()
  return useCallback(() => void client.invalidateQueries({ queryKey: key(projectId, "labelling") }), [client, projectId])
}
