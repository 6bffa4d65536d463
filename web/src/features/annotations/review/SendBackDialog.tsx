import { Button, Group, Modal, Radio, Stack, Textarea } from "@mantine/core"
import { useState, type FormEvent, type KeyboardEvent } from "react"

import { strings } from "./strings"

interface Props {
  authors: readonly string[]
  isBusy: boolean
  onSend: (reason: string, to: "author" | "pool") => void
  onClose: () => void
}

/** Why a label goes back, and to whom. */
export function SendBackDialog({ authors, isBusy, onSend, onClose }: Props) {
  const [reason, setReason] = useState("")
  const [to, setTo] = useState<"author" | "pool">(authors.length > 0 ? "author" : "pool")
  const [isAsked, setAsked] = useState(false)
  function submit(event: FormEvent | KeyboardEvent) {
    event.preventDefault()
    if (reason.trim() === "") setAsked(true)
    else onSend(reason, to)
  }
  const isSend = (event: KeyboardEvent) => event.key === "Enter" && (event.ctrlKey || event.metaKey)
  return (
    <Modal opened onClose={onClose} title={strings.send.title}>
      <form onSubmit={submit}>
        <Stack>
          <Textarea
            label={strings.send.reason}
            placeholder={strings.send.example}
            error={isAsked && reason.trim() === "" ? strings.send.needed : undefined}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            onKeyDown={(event) => isSend(event) && submit(event)}
            data-autofocus
          />
          <Radio.Group label={strings.send.to} value={to} onChange={(value) => setTo(value === "pool" ? "pool" : "author")}>
            <Group mt={6} gap="lg">
              <Radio value="author" label={strings.send.author(authors)} disabled={authors.length === 0} />
              <Radio value="pool" label={strings.send.pool} />
            </Group>
          </Radio.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {strings.send.cancel}
            </Button>
            <Button type="submit" loading={isBusy}>
              {strings.send.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
