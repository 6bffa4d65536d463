import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { globalKeys, key } from "../../api/keys"
import type { Role } from "../../api/roles"
import { attributesQuery, classesQuery, projectQuery } from "../../api/shared"

const at = (project_id: string) => ({ params: { path: { project_id } } })

export function useCreateProject() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["ProjectCreate"]) =>
      unwrap(api.POST("/api/v1/projects", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.projects }),
  })
}

export function useUpdateProject(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["ProjectUpdate"]) => unwrap(api.PATCH("/api/v1/projects/{project_id}", { ...at(projectId), body })),
    // A switch moves at once; if the server says no, the settled refetch moves it back.
    onMutate: ({ settings }) => {
      client.setQueryData(projectQuery(projectId).queryKey, (project) => {
        if (!project || !settings) return project
        const changed = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined))
        return { ...project, settings: { ...project.settings, ...changed } }
      })
    },
    onSuccess: (project) => {
      client.setQueryData(projectQuery(projectId).queryKey, project)
      void client.invalidateQueries({ queryKey: globalKeys.projects })
    },
    onSettled: () => client.invalidateQueries({ queryKey: key(projectId, "status") }),
  })
}

export function useDeleteProject(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/projects/{project_id}", at(projectId))),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.projects }),
  })
}

export function useRestoreProject(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/projects/{project_id}/restore", at(projectId))),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.projects }),
  })
}

export function useMembers(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "members", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/members", at(projectId))),
  })
}

function useMembersChange<V, R>(projectId: string, mutationFn: (value: V) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key(projectId, "members") })
      void client.invalidateQueries({ queryKey: key(projectId, "status") }) // One's own role may have changed.
    },
  })
}

export const useAddMember = (projectId: string) =>
  useMembersChange(projectId, (body: Schemas["MemberAdd"]) => unwrap(api.POST("/api/v1/projects/{project_id}/members", { ...at(projectId), body })))

export const useSetRole = (projectId: string) =>
  useMembersChange(projectId, ({ userId, role }: { userId: string; role: Role }) =>
    unwrap(api.PATCH("/api/v1/projects/{project_id}/members/{user_id}", { params: { path: { project_id: projectId, user_id: userId } }, body: { role } })),
  )

export const useHandOver = (projectId: string) =>
  useMembersChange(projectId, (userId: string) => unwrap(api.POST("/api/v1/projects/{project_id}/transfer", { ...at(projectId), body: { user_id: userId } })))

export function useLeave(projectId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/projects/{project_id}/leave", at(projectId))),
    onSuccess: () => {
      client.removeQueries({ queryKey: ["project", projectId] })
      void client.invalidateQueries({ queryKey: globalKeys.projects })
    },
  })
}

export function useInvitations(projectId: string, isWanted: boolean) {
  return useQuery({
    queryKey: key(projectId, "members", "invitations"),
    enabled: isWanted,
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/invitations", at(projectId))),
  })
}

export const useWithdraw = (projectId: string) =>
  useMembersChange(projectId, (invitationId: string) =>
    unwrap(api.DELETE("/api/v1/projects/{project_id}/invitations/{invitation_id}", { params: { path: { project_id: projectId, invitation_id: invitationId } } })),
  )

export const useRemoveMember = (projectId: string) =>
  useMembersChange(projectId, (userId: string) =>
    unwrap(api.DELETE("/api/v1/projects/{project_id}/members/{user_id}", { params: { path: { project_id: projectId, user_id: userId } } })),
  )

export const useInvite = (projectId: string) =>
  useMembersChange(projectId, (role: Role) => unwrap(api.POST("/api/v1/projects/{project_id}/invitations", { ...at(projectId), body: { role } })))

/** A change of the class list; the server answers with the whole list. */
function useClassesChange<V>(projectId: string, mutationFn: (value: V) => Promise<Schemas["Class"][]>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: (classes) => client.setQueryData(classesQuery(projectId).queryKey, classes),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: key(projectId, "classes") })
      void client.invalidateQueries({ queryKey: key(projectId, "status") })
    },
  })
}

export const useAddClasses = (projectId: string) =>
  useClassesChange(projectId, async (names: readonly string[]) => {
    let list: Schemas["Class"][] = []
    for (const name of names) list = await unwrap(api.POST("/api/v1/projects/{project_id}/classes", { ...at(projectId), body: { name, description: "" } }))
    return list
  })

export const useUpdateClass = (projectId: string) =>
  useClassesChange(projectId, ({ classId, ...body }: { classId: string } & Schemas["ClassUpdate"]) =>
    unwrap(api.PATCH("/api/v1/projects/{project_id}/classes/{class_id}", { params: { path: { project_id: projectId, class_id: classId } }, body })),
  )

export const useMergeClass = (projectId: string) =>
  useClassesChange(projectId, ({ classId, into }: { classId: string; into: string }) =>
    unwrap(api.POST("/api/v1/projects/{project_id}/classes/{class_id}/merge", { params: { path: { project_id: projectId, class_id: classId } }, body: { into } })),
  )

export type SplitImpact = Schemas["SplitImpact"]

/** What a split would touch; null: its rules are not whole as yet. */
export function useSplitImpact(projectId: string, classId: string, body: Schemas["ClassSplit"] | null) {
  return useQuery({
    queryKey: key(projectId, "classes", "split", classId, body),
    enabled: body !== null,
    meta: { quiet: true },
    queryFn: () => unwrap(api.POST("/api/v1/projects/{project_id}/classes/{class_id}/split/impact", { params: { path: { project_id: projectId, class_id: classId } }, body: body ?? { rules: [], rest: "keep" } })),
  })
}

export const useSplitClass = (projectId: string) =>
  useClassesChange(projectId, ({ classId, body }: { classId: string; body: Schemas["ClassSplit"] }) =>
    unwrap(api.POST("/api/v1/projects/{project_id}/classes/{class_id}/split", { params: { path: { project_id: projectId, class_id: classId } }, body })),
  )

export const useDeleteClass = (projectId: string) =>
  useClassesChange(projectId, async (classId: string) => {
    await unwrap(api.DELETE("/api/v1/projects/{project_id}/classes/{class_id}", { params: { path: { project_id: projectId, class_id: classId } } }))
    return unwrap(api.GET("/api/v1/projects/{project_id}/classes", at(projectId)))
  })

export const useUndoChange = (projectId: string) =>
  useClassesChange(projectId, (changeId: string) =>
    unwrap(api.POST("/api/v1/projects/{project_id}/class-changes/{change_id}/undo", { params: { path: { project_id: projectId, change_id: changeId } } })),
  )

/** Takes back whatever was changed last. */
export const useUndoLatest = (projectId: string) =>
  useClassesChange(projectId, async () => {
    const [latest] = await unwrap(api.GET("/api/v1/projects/{project_id}/class-changes", at(projectId)))
    if (!latest) return unwrap(api.GET("/api/v1/projects/{project_id}/classes", at(projectId)))
    return unwrap(api.POST("/api/v1/projects/{project_id}/class-changes/{change_id}/undo", { params: { path: { project_id: projectId, change_id: latest.id } } }))
  })

export function useClassChanges(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "classes", "changes"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/class-changes", at(projectId))),
  })
}

export function useImpact(projectId: string, classId: string | null, action: "merge" | "delete") {
  return useQuery({
    queryKey: key(projectId, "classes", "impact", classId, action),
    enabled: classId !== null,
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/projects/{project_id}/classes/{class_id}/impact", {
          params: { path: { project_id: projectId, class_id: classId ?? "" }, query: { action } },
        }),
      ),
  })
}

const ofAttribute = (project_id: string, attribute_id: string) => ({ params: { path: { project_id, attribute_id } } })

/** A change of the attributes; the server answers with the whole list. */
function useAttributesChange<V>(projectId: string, mutationFn: (value: V) => Promise<Schemas["Attribute"][]>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: (attributes) => client.setQueryData(attributesQuery(projectId).queryKey, attributes),
    onSettled: () => client.invalidateQueries({ queryKey: key(projectId, "classes") }),
  })
}

export const useAddAttribute = (projectId: string) =>
  useAttributesChange(projectId, (body: Schemas["AttributeCreate"]) => unwrap(api.POST("/api/v1/projects/{project_id}/attributes", { ...at(projectId), body })))

export const useUpdateAttribute = (projectId: string) =>
  useAttributesChange(projectId, ({ attributeId, ...body }: { attributeId: string } & Partial<Schemas["AttributeUpdate"]>) =>
    unwrap(api.PATCH("/api/v1/projects/{project_id}/attributes/{attribute_id}", { ...ofAttribute(projectId, attributeId), body: { renamed_choices: {}, ...body } })),
  )

export const useDeleteAttribute = (projectId: string) =>
  useAttributesChange(projectId, async (attributeId: string) => {
    await unwrap(api.DELETE("/api/v1/projects/{project_id}/attributes/{attribute_id}", ofAttribute(projectId, attributeId)))
    return unwrap(api.GET("/api/v1/projects/{project_id}/attributes", at(projectId)))
  })

export function useAttributeImpact(projectId: string, attributeId: string) {
  return useQuery({
    queryKey: key(projectId, "classes", "attribute-impact", attributeId),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/attributes/{attribute_id}/impact", ofAttribute(projectId, attributeId))),
  })
}

export const useSetSkeleton = (projectId: string) =>
  useClassesChange(projectId, ({ classId, ...body }: { classId: string } & Schemas["SkeletonPut"]) =>
    unwrap(api.PUT("/api/v1/projects/{project_id}/classes/{class_id}/skeleton", { params: { path: { project_id: projectId, class_id: classId } }, body })),
  )

export function useSkeletonImpact(projectId: string, classId: string, body: Schemas["SkeletonPut"], isWanted: boolean) {
  return useQuery({
    queryKey: key(projectId, "classes", "skeleton-impact", classId, body),
    enabled: isWanted,
    queryFn: () => unwrap(api.POST("/api/v1/projects/{project_id}/classes/{class_id}/skeleton/impact", { params: { path: { project_id: projectId, class_id: classId } }, body })),
  })
}
