import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core"
import { useState } from "react"

import type { User } from "../../../api/shared"
import { doneToast } from "../../../ui"
import { useUpdatePerson } from "../queries"
import { strings } from "../strings"

interface Props {
  person: User
  projects: readonly string[]
  others: readonly User[]
  onClose: () => void
}

/** Asks who is to own the projects that a person who is shut out owns alone. */
export function SuccessorDialog({ person, projects, others, onClose }: Props) {
  const update = useUpdatePerson()
  const [successor, setSuccessor] = useState<string | null>(null)
  const names = projects.map((name) => `“${name}”`).join(", ")
  const go = () =>
    update.mutate(
      { userId: person.id, disabled: true, successor_id: successor },
      {
        onSuccess: () => {
          doneToast(strings.closedToast(person.name))
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={strings.aloneTitle(person.name)} centered>
      <Stack>
        <Text>{strings.aloneText(person.name, names)}</Text>
        <Select
          label={strings.successor}
          placeholder={strings.successorPlaceholder}
          value={successor}
          onChange={setSuccessor}
          data={others.map((other) => ({ value: other.id, label: `${other.name} (${other.email})` }))}
          searchable
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {strings.cancel}
          </Button>
          <Button color="clay" onClick={go} disabled={successor === null} loading={update.isPending}>
            {strings.closeAndPass}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
