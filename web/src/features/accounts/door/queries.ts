import { useMutation, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../../api/client"

export function useDoorSetUp() {
  return useMutation({
    mutationFn: (body: Schemas["SignIn"]) => unwrap(api.POST("/api/v1/session/second-factor", { body })),
    meta: { quiet: true },
  })
}

export function useDoorConfirm() {
  return useMutation({
    mutationFn: (body: Schemas["FirstCode"]) => unwrap(api.POST("/api/v1/session/second-factor/confirm", { body })),
    meta: { quiet: true },
  })
}

/** Forgets whatever was seen before, so that who is signed in is asked anew. */
export function useForgetAll() {
  const client = useQueryClient()
  return () => client.clear()
}
