/** Server data that several features and the shell show. */

import { queryOptions, useQuery } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "./client"
import { globalKeys, key } from "./keys"

export type User = Schemas["User"]
export type Project = Schemas["Project"]
export type ProjectStatus = Schemas["ProjectStatus"]
export type ProjectClass = Schemas["Class"]
export type Attribute = Schemas["Attribute"]
export type Job = Schemas["Job"]

export const sessionQuery = queryOptions({
  queryKey: globalKeys.session,
  queryFn: () => unwrap(api.GET("/api/v1/session")),
  staleTime: 60_000,
})

export const projectsQuery = queryOptions({
  queryKey: globalKeys.projects,
  queryFn: () => unwrap(api.GET("/api/v1/projects")),
})

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: key(projectId, "status", "project"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: projectId } } })),
  })

export const statusQuery = (projectId: string) =>
  queryOptions({
    queryKey: key(projectId, "status", "counts"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/status", { params: { path: { project_id: projectId } } })),
  })

export const classesQuery = (projectId: string) =>
  queryOptions({
    queryKey: key(projectId, "classes", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/classes", { params: { path: { project_id: projectId } } })),
  })

export const attributesQuery = (projectId: string) =>
  queryOptions({
    // Attributes change as classes do, and are told of with them.
    queryKey: key(projectId, "classes", "attributes"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/attributes", { params: { path: { project_id: projectId } } })),
  })

export const projectJobsQuery = (projectId: string) =>
  queryOptions({
    queryKey: key(projectId, "jobs", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/jobs", { params: { query: { project_id: projectId, limit: 100 } } })),
  })

const signInMethodsQuery = queryOptions({
  queryKey: globalKeys.methods,
  queryFn: () => unwrap(api.GET("/api/v1/session/methods")),
})

/** How people can sign in here. */
export const useSignInMethods = () => useQuery(signInMethodsQuery)
export const useSession = () => useQuery(sessionQuery)
export const useProjects = () => useQuery(projectsQuery)
export const useProject = (projectId: string) => useQuery(projectQuery(projectId))
export const useStatus = (projectId: string) => useQuery(statusQuery(projectId))
export const useClasses = (projectId: string) => useQuery(classesQuery(projectId))
export const useAttributes = (projectId: string) => useQuery(attributesQuery(projectId))
export const useProjectJobs = (projectId: string) => useQuery(projectJobsQuery(projectId))
