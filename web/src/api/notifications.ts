/** What concerns oneself in all projects, and what one wants to be told of. */

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "./client"
import { globalKeys } from "./keys"

export type Notification = Schemas["Notification"]
export type KindSetting = Schemas["KindSetting"]

/** An open project hears of news at once by its event stream; elsewhere one asks now and then. */
const ASK_EVERY_MS = 30_000

export function useUnread() {
  return useQuery({
    queryKey: [...globalKeys.notifications, "count"],
    queryFn: () => unwrap(api.GET("/api/v1/me/notifications/count")),
    refetchInterval: ASK_EVERY_MS,
    meta: { quiet: true },
  })
}

export function useNotifications(unread: boolean, isWanted: boolean) {
  return useInfiniteQuery({
    queryKey: [...globalKeys.notifications, "list", unread],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/me/notifications", { params: { query: { unread, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    enabled: isWanted,
  })
}

export function useMarkNotifications() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["NotificationsRead"]) => unwrap(api.POST("/api/v1/me/notifications/read", { body })),
    onSuccess: () => void client.invalidateQueries({ queryKey: globalKeys.notifications }),
  })
}

export function useNotificationSettings() {
  return useQuery({ queryKey: [...globalKeys.notifications, "settings"], queryFn: () => unwrap(api.GET("/api/v1/me/notification-settings")) })
}

export function useChooseNotifications() {
  const client = useQueryClient()
  const queryKey = [...globalKeys.notifications, "settings"]
  return useMutation({
    mutationFn: (body: Schemas["NotificationChoices"]) => unwrap(api.PUT("/api/v1/me/notification-settings", { body })),
    onSuccess: (settings) => client.setQueryData(queryKey, settings),
  })
}
