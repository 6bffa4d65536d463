import { ActionIcon, Menu } from "@mantine/core"
import { IconDots } from "@tabler/icons-react"
import { useState } from "react"

import { AskDialog, doneToast } from "../../../../ui"
import { useDeleteWebhook, useRotateSecret, useUpdateWebhook, type Webhook } from "./queries"
import { SecretDialog } from "./SecretDialog"
import { strings } from "./strings"
import { WebhookDialog } from "./WebhookDialog"

/** What is seldom done with a webhook: change it, give it a new secret, delete it. */
export function WebhookMenu({ projectId, webhook }: { projectId: string; webhook: Webhook }) {
  const [asks, setAsks] = useState<"edit" | "remove" | null>(null)
  const update = useUpdateWebhook(projectId, webhook.id)
  const rotate = useRotateSecret(projectId, webhook.id)
  const remove = useDeleteWebhook(projectId, webhook.id)
  const done = () => setAsks(null)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={strings.more(webhook.url)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsks("edit")}>{strings.edit}</Menu.Item>
          <Menu.Item onClick={() => rotate.mutate(undefined)}>{strings.rotate}</Menu.Item>
          <Menu.Item color="clay" onClick={() => setAsks("remove")}>
            {strings.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asks === "edit" && <WebhookDialog projectId={projectId} webhook={webhook} isPending={update.isPending} error={update.error} onClose={done} onSave={(body) => update.mutate(body, { onSuccess: done })} />}
      {asks === "remove" && (
        <AskDialog
          title={strings.removing.title}
          text={strings.removing.text(webhook.url)}
          action={strings.removing.action}
          isBusy={remove.isPending}
          onDo={() => remove.mutate(undefined, { onSuccess: () => doneToast(strings.removed) })}
          onClose={done}
        />
      )}
      {rotate.data && <SecretDialog secret={rotate.data.secret} isRotated onClose={rotate.reset} />}
    </>
  )
}
