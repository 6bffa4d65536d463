import { Alert, Button, Group, Modal, Stack, TextInput } from "@mantine/core"
import { useState, type FormEvent } from "react"

import type { Batch } from "../../api/batches"
import { describe } from "../../api/problem"
import { BatchFields } from "./BatchFields"
import { changesOf, draftOf } from "./draft"
import { useChangeBatch } from "./queries"
import { strings } from "./strings"

/** Changes a batch's name and rules; they hold from the next picture on. */
export function EditBatchDialog({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const change = useChangeBatch(batch)
  const [name, setName] = useState(batch.name)
  const [draft, setDraft] = useState(() => draftOf(batch))
  function submit(event: FormEvent) {
    event.preventDefault()
    const body = changesOf(batch, name, draft)
    if (Object.keys(body).length === 0) onClose()
    else change.mutate(body, { onSuccess: onClose })
  }
  return (
    <Modal opened onClose={onClose} title={strings.edit} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={strings.new.name} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <BatchFields projectId={batch.project_id} draft={draft} onChange={(next) => setDraft({ ...draft, ...next })} />
          {change.isError && (
            <Alert color="clay" role="alert">
              {describe(change.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {strings.cancel}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={name.trim() === ""}>
              {strings.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
