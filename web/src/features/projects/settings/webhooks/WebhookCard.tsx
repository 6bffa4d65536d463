import { Alert, Badge, Button, Card, Collapse, Group, Stack, Switch, Text } from "@mantine/core"
import { useState } from "react"

import { ago, doneToast } from "../../../../ui"
import { Deliveries } from "./Deliveries"
import { useTestWebhook, useUpdateWebhook, type Webhook } from "./queries"
import { strings } from "./strings"
import { WebhookMenu } from "./WebhookMenu"

/** One webhook: how it fares, its switch, its log. */
export function WebhookCard({ projectId, webhook }: { projectId: string; webhook: Webhook }) {
  const [isOpen, setOpen] = useState(false)
  const update = useUpdateWebhook(projectId, webhook.id)
  const test = useTestWebhook(projectId, webhook.id)
  const sendTest = () =>
    test.mutate(undefined, {
      onSuccess: () => {
        setOpen(true)
        doneToast(strings.tested)
      },
    })
  return (
    <Card padding="lg" data-testid="webhook">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {webhook.url}
            </Text>
            {webhook.description && <Text size="sm">{webhook.description}</Text>}
          </div>
          <Group gap="xs" wrap="nowrap">
            <Health webhook={webhook} />
            <Switch aria-label={strings.active} checked={webhook.is_active} disabled={update.isPending} onChange={(event) => update.mutate({ is_active: event.currentTarget.checked })} />
            <WebhookMenu projectId={projectId} webhook={webhook} />
          </Group>
        </Group>
        <Group gap={6}>
          {webhook.event_types.map((name) => (
            <Badge key={name} variant="light" color="gray" tt="none">
              {name}
            </Badge>
          ))}
        </Group>
        {webhook.stopped_because && <Alert color="clay">{strings.stopped(webhook.stopped_because)}</Alert>}
        {webhook.is_active && webhook.failing_since && <Alert color="yellow">{strings.failingSince(ago(webhook.failing_since))}</Alert>}
        <Group gap="xs">
          <Button variant="light" size="compact-md" onClick={sendTest} loading={test.isPending}>
            {strings.test}
          </Button>
          <Button variant="default" size="compact-md" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
            {isOpen ? strings.hideLog : strings.log}
          </Button>
        </Group>
        <Collapse expanded={isOpen}>{isOpen && <Deliveries projectId={projectId} webhookId={webhook.id} />}</Collapse>
      </Stack>
    </Card>
  )
}

function Health({ webhook }: { webhook: Webhook }) {
  if (!webhook.is_active) return <Badge color="gray">{strings.off}</Badge>
  if (webhook.failing_since) return <Badge color="yellow">{strings.failing}</Badge>
  return <Badge color="pine">{strings.on}</Badge>
}
