import { Button, Group, Stack, Text } from "@mantine/core"
import { IconWebhook } from "@tabler/icons-react"
import { useState } from "react"

import { EmptyState, ErrorState, LoadingState } from "../../../../ui"
import { useAddWebhook, useWebhooks } from "./queries"
import { SecretDialog } from "./SecretDialog"
import { strings } from "./strings"
import { WebhookCard } from "./WebhookCard"
import { WebhookDialog } from "./WebhookDialog"

/** Who outside is told what happens here. */
export function WebhooksTab({ projectId }: { projectId: string }) {
  const hooks = useWebhooks(projectId)
  const create = useAddWebhook(projectId)
  const [isAdding, setAdding] = useState(false)
  if (hooks.isPending) return <LoadingState label={strings.loading} />
  if (hooks.isError) return <ErrorState error={hooks.error} onRetry={() => void hooks.refetch()} />
  const button = <Button onClick={() => setAdding(true)}>{strings.add}</Button>
  return (
    <Stack>
      {hooks.data.length === 0 ? (
        <EmptyState title={strings.emptyTitle} text={strings.empty} action={button} icon={<IconWebhook size={28} stroke={1.5} />} />
      ) : (
        <Group justify="space-between">
          <Text c="dimmed">{strings.about}</Text>
          {button}
        </Group>
      )}
      {hooks.data.map((webhook) => (
        <WebhookCard key={webhook.id} projectId={projectId} webhook={webhook} />
      ))}
      {isAdding && <WebhookDialog projectId={projectId} webhook={null} isPending={create.isPending} error={create.error} onClose={() => setAdding(false)} onSave={(body) => create.mutate({ ...body, is_active: true }, { onSuccess: () => setAdding(false) })} />}
      {create.data && <SecretDialog secret={create.data.secret} isRotated={false} onClose={create.reset} />}
    </Stack>
  )
}
