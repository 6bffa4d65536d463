import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Switch, Text, TextInput } from "@mantine/core"
import { useState } from "react"

import { useProject } from "../../api/shared"
import { LinkAnchor, percent } from "../../ui"
import { useCreate, useModelChoices, type Deployment } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  model: string | null
  isOpen: boolean
  onClose: () => void
  onCreated: (deployment: Deployment) => void
}

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/

/** "Pastry counter" becomes "pastry-counter". */
export function toName(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 64)
}

/** A model, a name, and a knowing tick where the model is below the wish. */
export function DeployDialog({ projectId, model, isOpen, onClose, onCreated }: Props) {
  const models = useModelChoices(projectId)
  const project = useProject(projectId)
  const create = useCreate(projectId)
  const [typed, setTyped] = useState<string | null>(null)
  const [modelId, setModelId] = useState<string | null>(model)
  const [keeps, setKeeps] = useState(false)
  const [isAccepted, setAccepted] = useState(false)
  const items = models.data?.items ?? []
  const chosen = items.find((entry) => entry.id === modelId) ?? items[0]
  const name = typed ?? toName(project.data?.name ?? "")
  const isNamed = NAME.test(name)
  const isBelow = chosen !== undefined && !chosen.meets_wish

  function submit() {
    if (!chosen) return
    create.mutate(
      { name, model_id: chosen.id, keep_predictions: keeps, retention_days: 30, accept_below_wish: isAccepted },
      {
        onSuccess: (deployment) => {
          onClose()
          onCreated(deployment)
        },
      },
    )
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title={strings.newTitle}>
      <Stack>
        {models.isSuccess && items.length === 0 && (
          <Alert color="brass">
            {strings.noModels}{" "}
            <LinkAnchor to="/projects/$projectId/runs" params={{ projectId }}>
              {strings.train}
            </LinkAnchor>
          </Alert>
        )}
        <Select
          label={strings.model}
          allowDeselect={false}
          value={chosen?.id ?? null}
          onChange={(value) => {
            setModelId(value)
            setAccepted(false)
          }}
          data={items.map((entry) => ({ value: entry.id, label: strings.modelNamed(entry.number, percent(entry.summary.accuracy)) }))}
        />
        <TextInput
          label={strings.name}
          description={strings.nameHelp}
          value={name}
          error={name && !isNamed ? strings.nameWrong : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <Switch label={strings.keep} description={strings.keepText} checked={keeps} onChange={(event) => setKeeps(event.currentTarget.checked)} />
        {isBelow && (
          <Alert color="brass" title={strings.gateTitle(percent(project.data?.settings.wish_accuracy ?? 0))} data-testid="gate">
            <Text size="sm" mb="xs">
              {strings.gateText(percent(chosen.summary.accuracy))}
            </Text>
            <Checkbox label={strings.gateAccept} checked={isAccepted} onChange={(event) => setAccepted(event.currentTarget.checked)} />
          </Alert>
        )}
        <Group justify="flex-end">
          <Button onClick={submit} loading={create.isPending} disabled={!chosen || !isNamed || (isBelow && !isAccepted)}>
            {strings.create}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
