import { Alert, Anchor, Button, Code, Collapse, FileInput, Group, Modal, Progress, Stack, Text, TextInput } from "@mantine/core"
import { useState } from "react"

import type { Detector } from "../../api/detectors"
import { describe } from "../../api/problem"
import { percent } from "../../ui"
import { useBring } from "./queries"
import { EXAMPLE_CARD, strings } from "./strings"

interface Props {
  projectId: string
  onClose: () => void
  onBrought: (detector: Detector) => void
}

/** Two files and a name; what is wrong with them stands right below. */
export function BringDialog({ projectId, onClose, onBrought }: Props) {
  const bring = useBring(projectId)
  const [network, setNetwork] = useState<File | null>(null)
  const [card, setCard] = useState<File | null>(null)
  const [name, setName] = useState("")
  const [share, setShare] = useState(0)
  const submit = () => network && card && bring.mutate({ network, card, name, onProgress: setShare }, { onSuccess: onBrought })
  return (
    <Modal opened onClose={onClose} title={strings.bring} size="lg">
      <Stack>
        <Text size="sm">{strings.bringText}</Text>
        <FileInput label={strings.network} placeholder={strings.choose} accept=".onnx" value={network} onChange={setNetwork} clearable data-testid="network" />
        <FileInput label={strings.card} placeholder={strings.choose} accept=".json,application/json" value={card} onChange={setCard} clearable data-testid="card" />
        <Example />
        <TextInput label={strings.name} description={strings.nameHint} placeholder={network?.name.replace(/\.onnx$/i, "")} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={100} />
        {bring.isPending && (
          <div aria-live="polite">
            <Text size="sm" mb={4}>
              {share < 1 ? strings.sending(percent(share)) : strings.trying}
            </Text>
            <Progress value={100 * share} animated={share >= 1} />
          </div>
        )}
        {bring.isError && (
          <Alert color="clay" role="alert" data-testid="refused">
            {describe(bring.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button onClick={submit} disabled={!network || !card} loading={bring.isPending}>
            {strings.send}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Example() {
  const [isOpen, setOpen] = useState(false)
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
        {strings.example}
      </Anchor>
      <Collapse expanded={isOpen}>
        <Text size="xs" c="dimmed" my={6}>
          {strings.exampleText}
        </Text>
        <Code block>{EXAMPLE_CARD}</Code>
        <Anchor size="xs" href={`data:application/json,${encodeURIComponent(EXAMPLE_CARD)}`} download="card.json">
          {strings.download}
        </Anchor>
      </Collapse>
    </div>
  )
}
