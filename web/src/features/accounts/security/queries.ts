import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../../api/client"
import { globalKeys } from "../../../api/keys"

export type Security = Schemas["Security"]
export type OpenSession = Schemas["OpenSession"]
export type Setup = Schemas["SecondFactorSetup"]

function useRefresh() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: globalKeys.security })
}

export function useSecurity() {
  return useQuery({ queryKey: [...globalKeys.security, "account"], queryFn: () => unwrap(api.GET("/api/v1/me/security")) })
}

export function useSessions() {
  return useQuery({ queryKey: [...globalKeys.security, "sessions"], queryFn: () => unwrap(api.GET("/api/v1/me/sessions")) })
}

export function useSetUp() {
  return useMutation({
    mutationFn: (password: string) => unwrap(api.POST("/api/v1/me/second-factor", { body: { password } })),
    meta: { quiet: true },
  })
}

export function useConfirm() {
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST("/api/v1/me/second-factor/confirm", { body: { code } })),
    meta: { quiet: true },
    onSuccess: useRefresh(),
  })
}

export function useRemove() {
  return useMutation({
    mutationFn: (body: Schemas["SecondFactorProof"]) => unwrap(api.POST("/api/v1/me/second-factor/remove", { body })),
    meta: { quiet: true },
    onSuccess: useRefresh(),
  })
}

export function useRenewCodes() {
  return useMutation({
    mutationFn: (body: Schemas["SecondFactorProof"]) => unwrap(api.POST("/api/v1/me/recovery-codes", { body })),
    meta: { quiet: true },
    onSuccess: useRefresh(),
  })
}

export function useConnect() {
  return useMutation({
    mutationFn: (password: string) => unwrap(api.POST("/api/v1/me/identities", { body: { password } })),
    meta: { quiet: true },
    onSuccess: ({ url }) => window.location.assign(url),
  })
}

export function useDisconnect() {
  return useMutation({
    mutationFn: (identityId: string) => unwrap(api.DELETE("/api/v1/me/identities/{identity_id}", { params: { path: { identity_id: identityId } } })),
    onSuccess: useRefresh(),
  })
}

export function useEndSession() {
  return useMutation({
    mutationFn: (sessionId: string) => unwrap(api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path: { session_id: sessionId } } })),
    onSuccess: useRefresh(),
  })
}

export function useEndOtherSessions() {
  return useMutation({ mutationFn: () => unwrap(api.DELETE("/api/v1/me/sessions")), onSuccess: useRefresh() })
}
