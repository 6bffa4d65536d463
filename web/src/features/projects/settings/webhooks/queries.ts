import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { api, unwrap, type Schemas } from "../../../../api/client"
import { key } from "../../../../api/keys"

export type Webhook = Schemas["Webhook"]
export type Delivery = Schemas["Delivery"]

const of = (webhook_id: string) => ({ params: { path: { webhook_id } } })
const SOON_MS = 2000

export function useWebhooks(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "webhooks", "list"),
    queryFn: () => unwrap(api.GET("/api/v1/projects/{project_id}/webhooks", { params: { path: { project_id: projectId } } })),
  })
}

export function useEventTypes(projectId: string) {
  return useQuery({
    queryKey: key(projectId, "webhooks", "types"),
    queryFn: () => unwrap(api.GET("/api/v1/webhook-types")),
    staleTime: Infinity,
  })
}

function useWebhooksChange<V, R>(projectId: string, mutationFn: (value: V) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSettled: () => client.invalidateQueries({ queryKey: key(projectId, "webhooks") }) })
}

export const useAddWebhook = (projectId: string) =>
  useWebhooksChange(projectId, (body: Schemas["WebhookCreate"]) => unwrap(api.POST("/api/v1/projects/{project_id}/webhooks", { params: { path: { project_id: projectId } }, body })))

export const useUpdateWebhook = (projectId: string, webhookId: string) =>
  useWebhooksChange(projectId, (body: Schemas["WebhookUpdate"]) => unwrap(api.PATCH("/api/v1/webhooks/{webhook_id}", { ...of(webhookId), body })))

export const useDeleteWebhook = (projectId: string, webhookId: string) =>
  useWebhooksChange(projectId, () => unwrap(api.DELETE("/api/v1/webhooks/{webhook_id}", of(webhookId))))

export const useRotateSecret = (projectId: string, webhookId: string) =>
  useWebhooksChange(projectId, () => unwrap(api.POST("/api/v1/webhooks/{webhook_id}/rotate-secret", of(webhookId))))

export const useTestWebhook = (projectId: string, webhookId: string) =>
  useWebhooksChange(projectId, () => unwrap(api.POST("/api/v1/webhooks/{webhook_id}/test", of(webhookId))))

export const useReplay = (projectId: string, webhookId: string) =>
  useWebhooksChange(projectId, (delivery_id: string) =>
    unwrap(api.POST("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", { params: { path: { webhook_id: webhookId, delivery_id } } })),
  )

/** The log, looked at again and again as long as its newest message is on its way. */
export function useDeliveries(projectId: string, webhookId: string) {
  return useInfiniteQuery({
    queryKey: key(projectId, "webhooks", "deliveries", webhookId),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/webhooks/{webhook_id}/deliveries", { params: { path: { webhook_id: webhookId }, query: { limit: 20, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some((row) => row.state === "waiting" && row.tries <= 1) ? SOON_MS : false),
  })
}

export function useDelivery(projectId: string, webhookId: string, deliveryId: string) {
  return useQuery({
    queryKey: key(projectId, "webhooks", "delivery", deliveryId),
    queryFn: () => unwrap(api.GET("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}", { params: { path: { webhook_id: webhookId, delivery_id: deliveryId } } })),
  })
}
