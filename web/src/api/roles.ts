/** What the present person may do in a project, and why not: all of it as the server's one table says. */

import { queryOptions, useQuery } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "./client"
import { globalKeys } from "./keys"
import { useProject } from "./shared"

export type Permission = Schemas["PermissionEntry"]["name"]
export type Role = Schemas["RoleEntry"]["name"]

export const rolesQuery = queryOptions({
  queryKey: globalKeys.roles,
  queryFn: () => unwrap(api.GET("/api/v1/roles")),
  staleTime: Infinity,
})

export const useRoles = () => useQuery(rolesQuery)

/** Why the present person may not do this in the project; null if they may, or as long as nobody knows. */
export function useWhyNot(projectId: string, permission: Permission): string | null {
  const project = useProject(projectId).data
  const grant = useRoles().data?.permissions.find((entry) => entry.name === permission)
  if (!project || !grant || project.may.includes(permission)) return null
  return whyNot(project.role, grant)
}

export function whyNot(role: Role, grant: { text: string; role: Role }): string {
  const least = grant.role === "owner" ? "an owner" : `${withArticle(grant.role)} or more`
  return `You are ${withArticle(role)} here. To ${grant.text}, one must be ${least}; ask an owner of the project.`
}

/** “an annotator”, “a viewer”. */
export function withArticle(role: Role): string {
  return `${/^[ao]/.test(role) ? "an" : "a"} ${role}`
}

/** Which of the roles somebody of this role may give: none above their own. */
export function rolesUpTo<T extends { name: Role }>(roles: readonly T[], own: Role): T[] {
  return roles.slice(0, roles.findIndex((entry) => entry.name === own) + 1)
}
