import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"

import { api, unwrap } from "../api/client"
import { globalKeys } from "../api/keys"
import type { KeySettings } from "./keymap"

export const keysQuery = (userId: string) =>
  queryOptions({
    queryKey: [...globalKeys.keys, userId],
    queryFn: () => unwrap(api.GET("/api/v1/me/keys")),
    staleTime: 300_000,
  })

/** Keeps the keys with the account; they hold at once, and go back to what they were if the server does not take them. */
export function useSetKeys(userId: string) {
  const client = useQueryClient()
  const { queryKey } = keysQuery(userId)
  return useMutation({
    mutationFn: ({ preset, changes }: KeySettings) =>
      unwrap(api.PUT("/api/v1/me/keys", { body: { preset, changes: Object.fromEntries(Object.entries(changes).map(([id, keys]) => [id, [...keys]])) } })),
    onMutate: async ({ preset, changes }: KeySettings) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)
      client.setQueryData(queryKey, { preset, changes: Object.fromEntries(Object.entries(changes).map(([id, keys]) => [id, [...keys]])) })
      return before
    },
    onError: (_error, _settings, before) => client.setQueryData(queryKey, before),
  })
}
