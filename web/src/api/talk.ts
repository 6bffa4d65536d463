/** Issues and guidelines as the labelling pages and their own pages show them. */

import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "./client"
import { key } from "./keys"

export type Issue = Schemas["Issue"]
export type IssueComment = Schemas["Comment"]
export type NewIssue = Schemas["IssueCreate"]
export type NewComment = Schemas["CommentCreate"]
export type Guideline = Schemas["Guideline"]
export type GuidelineVersion = Schemas["GuidelineVersion"]
export type Example = Schemas["ShownExample"]
export type ProjectMember = Schemas["Member"]

export interface IssueFilter {
  state: "open" | "resolved" | "all"
  mine: boolean
  text: string
}

const at = (project_id: string) => ({ params: { path: { project_id } } })

export const membersQuery = (projectId: string) =>
  queryOptions({
    queryKey: key(projectId, "members", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/members", at(projectId))),
  })

export const useProjectMembers = (projectId: string) => useQuery(membersQuery(projectId))

export function useIssues(projectId: string, { state, mine, text }: IssueFilter) {
  return useInfiniteQuery({
    queryKey: key(projectId, "issues", "list", { state, mine, text }),
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/issues", {
          params: { path: { project_id: projectId }, query: { state, mine, ...(text ? { text } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** One issue; nothing for null. */
export function useIssue(projectId: string, issueId: string | null) {
  return useQuery({
    queryKey: key(projectId, "issues", "one", issueId),
    queryFn: () => unwrap(api.GET("/api/v1/issues/{issue_id}", { params: { path: { issue_id: issueId ?? "" } } })),
    enabled: issueId !== null,
    retry: false,
  })
}

/** The issues of a picture, oldest first; none for null. */
export function useImageIssues(projectId: string, imageId: string | null) {
  return useQuery({
    queryKey: key(projectId, "issues", "image", imageId),
    queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}/issues", { params: { path: { image_id: imageId ?? "" } } })),
    enabled: imageId !== null,
  })
}

/** Everything that is done to issues; whatever shows them looks again. */
export function useIssueActions(projectId: string) {
  const client = useQueryClient()
  const onSuccess = () => {
    for (const topic of ["issues", "status", "images"]) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === projectId && queryKey[2] === topic && queryKey[3] !== "grid" })
  }
  const open = useMutation({
    mutationFn: ({ imageId, ...body }: NewIssue & { imageId: string }) => unwrap(api.POST("/api/v1/images/{image_id}/issues", { params: { path: { image_id: imageId } }, body })),
    onSuccess,
  })
  const reply = useMutation({
    mutationFn: ({ issueId, ...body }: NewComment & { issueId: string }) => unwrap(api.POST("/api/v1/issues/{issue_id}/comments", { params: { path: { issue_id: issueId } }, body })),
    onSuccess,
  })
  const settle = useMutation({
    mutationFn: ({ issueId, state }: { issueId: string; state: Issue["state"] }) => unwrap(api.PATCH("/api/v1/issues/{issue_id}", { params: { path: { issue_id: issueId } }, body: { state } })),
    onSuccess,
  })
  const edit = useMutation({
    mutationFn: ({ commentId, ...body }: NewComment & { commentId: string }) => unwrap(api.PATCH("/api/v1/comments/{comment_id}", { params: { path: { comment_id: commentId } }, body })),
    onSuccess,
  })
  const withdraw = useMutation({
    mutationFn: (commentId: string) => unwrap(api.DELETE("/api/v1/comments/{comment_id}", { params: { path: { comment_id: commentId } } })),
    onSuccess,
  })
  const remove = useMutation({
    mutationFn: (issueId: string) => unwrap(api.DELETE("/api/v1/issues/{issue_id}", { params: { path: { issue_id: issueId } } })),
    onSuccess,
  })
  return { open, reply, settle, edit, withdraw, remove }
}

export type IssueActions = ReturnType<typeof useIssueActions>

export function useGuidelines(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "guidelines", "current"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/guidelines", at(projectId))),
  })
}

export function useGuidelineVersions(projectId: string, classId: string | null, isWanted: boolean) {
  return useQuery({
    queryKey: key(projectId, "guidelines", "versions", classId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/guidelines/versions", { params: { path: { project_id: projectId }, query: classId ? { class_id: classId } : {} } })),
    enabled: isWanted,
  })
}

function useLookAgain(projectId: string) {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: key(projectId, "guidelines") })
}

export function useSaveGuidelines(projectId: string) {
  return useMutation({
    mutationFn: (body: Schemas["GuidelineSave"]) => unwrap(api.POST("/api/v1/projects/{project_id}/guidelines", { ...at(projectId), body })),
    onSuccess: useLookAgain(projectId),
    meta: { quiet: true },
  })
}

export function useRestoreGuidelines(projectId: string) {
  return useMutation({
    mutationFn: (versionId: string) => unwrap(api.POST("/api/v1/guideline-versions/{guideline_version_id}/restore", { params: { path: { guideline_version_id: versionId } } })),
    onSuccess: useLookAgain(projectId),
  })
}

/** Says that oneself has read a version. */
export function useReadGuidelines(projectId: string) {
  return useMutation({
    mutationFn: (body: Schemas["GuidelineRead"]) => unwrap(api.POST("/api/v1/projects/{project_id}/guidelines/read", { ...at(projectId), body })),
    onSuccess: useLookAgain(projectId),
    meta: { quiet: true },
  })
}

/** Whether there is a version that this person has not read. */
export const isNews = (guideline: Guideline): boolean => (guideline.read_number ?? 0) < guideline.number
