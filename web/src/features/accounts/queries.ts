import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { globalKeys } from "../../api/keys"

type Session = Schemas["Session"]

/** Remembers who is signed in now, and forgets whatever somebody else saw. */
function useArrival() {
  const client = useQueryClient()
  return (user: Schemas["User"]) => {
    client.clear()
    client.setQueryData<Session>(globalKeys.session, { user, needs_setup: false })
  }
}

export function useSignIn() {
  const arrive = useArrival()
  return useMutation({
    mutationFn: (body: Schemas["SignIn"]) => unwrap(api.POST("/api/v1/session", { body })),
    meta: { quiet: true },
    onSuccess: arrive,
  })
}

export function useSetup() {
  const arrive = useArrival()
  return useMutation({
    mutationFn: (body: Schemas["Setup"]) => unwrap(api.POST("/api/v1/setup", { body })),
    meta: { quiet: true },
    onSuccess: arrive,
  })
}

export function useInvitation(token: string) {
  return useQuery({
    queryKey: ["invitation", token],
    queryFn: () => unwrap(api.GET("/api/v1/invitations/{token}", { params: { path: { token } } })),
    enabled: token !== "",
    meta: { quiet: true },
  })
}

export function useAccept(token: string) {
  const arrive = useArrival()
  return useMutation({
    mutationFn: (body: Schemas["Registration"]) => unwrap(api.POST("/api/v1/invitations/{token}/accept", { params: { path: { token } }, body })),
    meta: { quiet: true },
    onSuccess: arrive,
  })
}

export function useJoin(token: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/invitations/{token}/join", { params: { path: { token } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.projects }),
  })
}

export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["MeUpdate"]) => unwrap(api.PATCH("/api/v1/me", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.session }),
  })
}

export function useTokens() {
  return useQuery({ queryKey: globalKeys.tokens, queryFn: () => unwrap(api.GET("/api/v1/tokens")) })
}

export function useCreateToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["TokenCreate"]) => unwrap(api.POST("/api/v1/tokens", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.tokens }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (tokenId: string) => unwrap(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: tokenId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.tokens }),
  })
}

export function usePeople() {
  return useQuery({ queryKey: globalKeys.users, queryFn: () => unwrap(api.GET("/api/v1/users")) })
}

export function useUpdatePerson(meta?: { quiet: boolean }) {
  const client = useQueryClient()
  return useMutation({
    ...(meta && { meta }),
    mutationFn: ({ userId, ...body }: { userId: string } & Schemas["UserUpdate"]) =>
      unwrap(api.PATCH("/api/v1/users/{user_id}", { params: { path: { user_id: userId } }, body })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: globalKeys.users })
      void client.invalidateQueries({ queryKey: globalKeys.installed })
      void client.invalidateQueries({ queryKey: globalKeys.session })
    },
  })
}

export function useInstalledProjects() {
  return useQuery({ queryKey: globalKeys.installed, queryFn: () => unwrap(api.GET("/api/v1/installation/projects")) })
}

export function useTakeOver() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ projectId, reason }: { projectId: string; reason: string }) =>
      unwrap(api.POST("/api/v1/installation/projects/{project_id}/take-over", { params: { path: { project_id: projectId } }, body: { reason } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: globalKeys.installed })
      void client.invalidateQueries({ queryKey: globalKeys.projects })
    },
  })
}

export function useResetSecondFactor() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (userId: string) => unwrap(api.DELETE("/api/v1/users/{user_id}/second-factor", { params: { path: { user_id: userId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: globalKeys.users }),
  })
}
