/** Detectors that people brought, as the drawing page and the page of models show them. */

import { queryOptions, useQuery } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "./client"
import { key } from "./keys"

export type Detector = Schemas["Detector"]

export const detectorsQuery = (projectId: string) =>
  queryOptions({
    queryKey: key(projectId, "suggestions", "detectors"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/detectors", { params: { path: { project_id: projectId } } })),
  })

export const useDetectors = (projectId: string, isWanted = true) => useQuery({ ...detectorsQuery(projectId), enabled: isWanted })
