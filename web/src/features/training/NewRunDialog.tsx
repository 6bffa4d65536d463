import { Alert, Button, Group, Modal, Radio, Select, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { describe } from "../../api/problem"
import { useStartRun, useVersionChoices, type Run } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  version: string | null
  isOpen: boolean
  onClose: () => void
  onStarted: (run: Run) => void
}

/** What to train on and how long it may take; everything else the engine decides and explains. */
export function NewRunDialog({ projectId, version, isOpen, onClose, onStarted }: Props) {
  const versions = useVersionChoices(projectId)
  const start = useStartRun(projectId)
  const [on, setOn] = useState(version ?? "latest")
  const [budget, setBudget] = useState("600")

  function submit() {
    start.mutate(
      { version_id: on, recipe: "auto", budget_s: Number(budget), seed: 0 },
      {
        onSuccess: (run) => {
          onClose()
          onStarted(run)
        },
      },
    )
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title={strings.newTitle}>
      <Stack>
        <Select
          label={strings.on}
          description={on === "latest" ? strings.latestHelp : undefined}
          allowDeselect={false}
          value={on}
          onChange={(value) => setOn(value ?? "latest")}
          data={[
            { value: "latest", label: strings.latest },
            ...(versions.data?.items ?? []).map((entry) => ({ value: entry.id, label: strings.version(entry.number, entry.images) })),
          ]}
        />
        <Radio.Group label={strings.budget} description={strings.budgetHelp} value={budget} onChange={setBudget}>
          <Group mt="xs">
            {strings.budgets.map((entry) => (
              <Radio key={entry.value} value={entry.value} label={entry.label} />
            ))}
          </Group>
        </Radio.Group>
        <Alert variant="light" title={strings.how}>
          <Text size="sm">{strings.howText}</Text>
        </Alert>
        {start.isError && (
          <Alert color="clay" role="alert">
            {describe(start.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button onClick={submit} loading={start.isPending} data-autofocus>
            {strings.start}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
