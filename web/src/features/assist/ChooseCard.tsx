import { Autocomplete, Button, Card, FileButton, Group, Stack, Text } from "@mantine/core"
import { IconUpload } from "@tabler/icons-react"
import { useState, type FormEvent } from "react"

import { describe } from "../../api/problem"
import { CardTitle, doneToast } from "../../ui"
import { useChooseNetworks, useSendFiles } from "./queries"
import { strings } from "./strings"

const guess = (names: readonly string[], part: string) => names.find((name) => name.toLowerCase().includes(part) && name.endsWith(".onnx")) ?? ""

/** Send files or name paths, and have them tried and used. */
export function ChooseCard({ uploaded }: { uploaded: readonly string[] }) {
  const [encoder, setEncoder] = useState<string | null>(null)
  const [decoder, setDecoder] = useState<string | null>(null)
  const [sending, setSending] = useState("")
  const send = useSendFiles(setSending)
  const choose = useChooseNetworks()
  const [first, second] = [encoder ?? guess(uploaded, "encoder"), decoder ?? guess(uploaded, "decoder")]
  const networks = uploaded.filter((name) => name.endsWith(".onnx"))
  const problem = send.error ?? choose.error
  function submit(event: FormEvent) {
    event.preventDefault()
    choose.mutate(
      { encoder: first.trim(), decoder: second.trim() },
      {
        onSuccess: () => {
          setEncoder(null)
          setDecoder(null)
          doneToast(strings.chosen)
        },
      },
    )
  }
  return (
    <Card component="form" onSubmit={submit}>
      <CardTitle>{strings.choose}</CardTitle>
      <Stack gap="sm">
        <Text c="dimmed">{strings.chooseAbout}</Text>
        <Group gap="sm">
          <FileButton multiple onChange={(files) => files.length > 0 && send.mutate(files)} accept=".onnx,.data,.bin,.onnx_data" inputProps={{ "aria-label": strings.send }}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />} loading={send.isPending}>
                {strings.send}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" aria-live="polite">
            {send.isPending ? strings.sending(sending) : uploaded.length > 0 ? `${strings.sent} ${uploaded.join(", ")}` : ""}
          </Text>
        </Group>
        <Autocomplete label={strings.encoder} placeholder={strings.pathOrName} data={networks} value={first} onChange={setEncoder} required />
        <Autocomplete label={strings.decoder} placeholder={strings.pathOrName} data={networks} value={second} onChange={setDecoder} required />
        {problem && (
          <Text className="my-bad" role="alert">
            {describe(problem)}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={choose.isPending} disabled={!first.trim() || !second.trim()}>
            {strings.check}
          </Button>
          {choose.isPending && (
            <Text size="sm" c="dimmed">
              {strings.checking}
            </Text>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {strings.howTo}
        </Text>
      </Stack>
    </Card>
  )
}
