import { Button, Checkbox, Group, Modal, Stack, TextInput } from "@mantine/core"
import { useState, type FormEvent } from "react"

import type { Schemas } from "../../../../api/client"
import { ErrorState, LoadingState } from "../../../../ui"
import { useEventTypes, type Webhook } from "./queries"
import { strings } from "./strings"

type Body = Schemas["WebhookCreate"]

interface Props {
  projectId: string
  /** The webhook to change; null for a new one. */
  webhook: Webhook | null
  isPending: boolean
  error: Error | null
  onSave: (body: Pick<Body, "url" | "description" | "event_types">) => void
  onClose: () => void
}

/** Where to send, what for, and which events. */
export function WebhookDialog({ projectId, webhook, isPending, error, onSave, onClose }: Props) {
  const types = useEventTypes(projectId)
  const [url, setUrl] = useState(webhook?.url ?? "")
  const [description, setDescription] = useState(webhook?.description ?? "")
  const [chosen, setChosen] = useState<string[]>(webhook?.event_types ?? [])
  const names = types.data?.filter((entry) => chosen.includes(entry.name)).map((entry) => entry.name) ?? []
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave({ url, description, event_types: names })
  }
  return (
    <Modal opened onClose={onClose} title={webhook ? strings.editTitle : strings.newTitle} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={strings.url} placeholder={strings.urlPlaceholder} value={url} maxLength={2000} required data-autofocus error={error?.message} onChange={(event) => setUrl(event.currentTarget.value)} />
          <TextInput label={strings.description} value={description} maxLength={200} onChange={(event) => setDescription(event.currentTarget.value)} />
          {types.isPending && <LoadingState label={strings.loading} />}
          {types.isError && <ErrorState error={types.error} onRetry={() => void types.refetch()} />}
          {types.data && (
            <Checkbox.Group label={strings.events} value={chosen} onChange={setChosen}>
              <Stack gap="xs" mt="xs">
                {types.data.map((entry) => (
                  <Checkbox key={entry.name} value={entry.name} label={entry.text} description={entry.name} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {strings.cancel}
            </Button>
            <Button type="submit" loading={isPending} disabled={!url.trim() || names.length === 0}>
              {strings.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
