import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../api/client"
import { globalKeys } from "../../api/keys"

export type Networks = Schemas["SmartNetworks"]

const LOOK_EVERY_MS = 1500

/** The smart tool's networks; looked at again while they are being loaded. */
export const useNetworks = () =>
  useQuery({
    queryKey: globalKeys.smart,
    queryFn: () => unwrap(api.GET("/api/v1/smart/networks")),
    refetchInterval: ({ state }) => (state.data?.state === "checking" ? LOOK_EVERY_MS : false),
  })

function useChange<T>(change: (given: T) => Promise<Networks>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    meta: { quiet: true },
    onSuccess: (networks) => client.setQueryData(globalKeys.smart, networks),
  })
}

export const useChooseNetworks = () => useChange((body: Schemas["SmartNetworksChoice"]) => unwrap(api.PUT("/api/v1/smart/networks", { body })))

export const useForgetNetworks = () => useChange(() => unwrap(api.DELETE("/api/v1/smart/networks")))

/** Sends files one after the other; `tell` hears of each before it goes. */
export function useSendFiles(tell: (name: string) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) {
        tell(file.name)
        await unwrap(api.POST("/api/v1/smart/files", { params: { query: { name: file.name } }, body: file as unknown as string, bodySerializer: (body: unknown) => body as BodyInit, headers: { "Content-Type": "application/octet-stream" } }))
      }
    },
    meta: { quiet: true },
    onSettled: () => client.invalidateQueries({ queryKey: globalKeys.smart }),
  })
}
