import { Alert, Button, Group, Modal, NumberInput, Radio, Stack, Text, TextInput } from "@mantine/core"
import { useState, type FormEvent } from "react"

import { describe } from "../../api/problem"
import { useStatus } from "../../api/shared"
import { doneToast } from "../../ui"
import { BatchFields } from "./BatchFields"
import { FRESH, rulesOf } from "./draft"
import { useCreateBatch } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  onClose: () => void
}

type Which = "next" | "filter" | "accepted"

const FEW = 100

/** Which pictures are labelled together, and by which rules. */
export function NewBatchDialog({ projectId, onClose }: Props) {
  const create = useCreateBatch(projectId)
  const unlabelled = useStatus(projectId).data?.unlabelled ?? 0
  const [name, setName] = useState("")
  const [which, setWhich] = useState<Which>("next")
  const [count, setCount] = useState<number | string>(FEW)
  const [draft, setDraft] = useState(FRESH)

  function submit(event: FormEvent) {
    event.preventDefault()
    const pictures = which === "accepted" ? { kind: which, count: Number(count) || FEW } : which === "next" ? { kind: "next" as const, count: Number(count) || FEW, order: draft.order } : { kind: "filter" as const, filters: { labelled: false, deleted: false } }
    create.mutate(
      { name: name.trim(), pictures, ...rulesOf(which === "accepted" ? FRESH : draft) },
      {
        onSuccess: ({ batch, in_other_batches, on_screens }) => {
          doneToast(`${strings.new.made(batch.name, batch.pictures)} ${strings.new.left(in_other_batches, on_screens)}`)
          onClose()
        },
      },
    )
  }

  return (
    <Modal opened onClose={onClose} title={strings.new.title} size="lg">
      <form onSubmit={submit}>
        <Stack>
          {unlabelled === 0 && which !== "accepted" && <Alert>{strings.new.none}</Alert>}
          <TextInput label={strings.new.name} placeholder={strings.new.example} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <Radio.Group label={strings.new.which} value={which} onChange={(value) => setWhich(value as Which)}>
            <Group mt={6} gap="lg" align="center">
              <Radio value="next" label={strings.new.next} />
              {which !== "filter" && <NumberInput aria-label={strings.new.count} size="xs" w={110} min={1} max={1_000_000} allowDecimal={false} thousandSeparator="," value={count} onChange={setCount} />}
              <Radio value="filter" label={strings.new.every(unlabelled)} />
              <Radio value="accepted" label={strings.new.audit} />
            </Group>
          </Radio.Group>
          {which === "accepted" ? (
            <Text size="sm" c="dimmed">
              {strings.new.auditText}
            </Text>
          ) : (
            <BatchFields projectId={projectId} draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
          )}
          {create.isError && (
            <Alert color="clay" role="alert">
              {describe(create.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {strings.cancel}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
              {strings.new.make}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
