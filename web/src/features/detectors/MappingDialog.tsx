import { Button, Group, Modal, ScrollArea, Select, Stack, Table, Text, TextInput } from "@mantine/core"
import { useState } from "react"

import type { Detector } from "../../api/detectors"
import { useClasses } from "../../api/shared"
import { useAddClass, useUpdateDetector } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  detector: Detector
  onClose: () => void
}

const IGNORED = "ignored"
const CREATED = "created"
const FEW = 12

/** Which of the project's classes each class of a detector means: one of them, a new one, or none. */
export function MappingDialog({ projectId, detector, onClose }: Props) {
  const classes = useClasses(projectId).data ?? []
  const add = useAddClass(projectId)
  const update = useUpdateDetector(projectId)
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [sought, setSought] = useState("")
  const shown = detector.classes.filter(({ name }) => name.toLowerCase().includes(sought.trim().toLowerCase()))

  async function save() {
    const meant: Record<string, string | null> = {}
    for (const [name, value] of Object.entries(chosen)) {
      if (value === CREATED) meant[name] = (await add.mutateAsync(name)).find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.id ?? null
      else meant[name] = value === IGNORED ? null : value
    }
    await update.mutateAsync({ id: detector.id, classes: meant })
    onClose()
  }

  return (
    <Modal opened onClose={onClose} title={strings.mapTitle(detector.name)} size="lg">
      <Stack>
        <Text size="sm" c="dimmed">
          {strings.mapText}
        </Text>
        {detector.classes.length > FEW && <TextInput aria-label={strings.findClass} placeholder={strings.findClass} value={sought} onChange={(event) => setSought(event.currentTarget.value)} />}
        <ScrollArea.Autosize mah={380}>
          <Table verticalSpacing={4} data-testid="mapping">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{strings.theirs}</Table.Th>
                <Table.Th>{strings.yours}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ name, class_id }) => (
                <Table.Tr key={name}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td w="60%">
                    <Select
                      aria-label={name}
                      size="xs"
                      searchable
                      allowDeselect={false}
                      value={chosen[name] ?? class_id ?? IGNORED}
                      onChange={(value) => value && setChosen({ ...chosen, [name]: value })}
                      data={[
                        { value: IGNORED, label: strings.ignored },
                        ...classes.map(({ id, name: label }) => ({ value: id, label })),
                        ...(classes.some((entry) => entry.name.toLowerCase() === name.toLowerCase()) ? [] : [{ value: CREATED, label: strings.create(name) }]),
                      ]}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
        <Group justify="flex-end">
          <Button onClick={() => void save()} disabled={Object.keys(chosen).length === 0} loading={add.isPending || update.isPending}>
            {strings.save}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
