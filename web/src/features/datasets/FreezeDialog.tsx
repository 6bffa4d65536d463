import { Accordion, Alert, Button, ColorSwatch, Group, Modal, NumberInput, ScrollArea, Slider, Stack, Table, Text, TextInput } from "@mantine/core"
import { useState } from "react"

import { useClasses, useProject } from "../../api/shared"
import { preview } from "./preview"
import { useFreeze, type Version } from "./queries"
import { SplitBar } from "./SplitBar"
import { strings } from "./strings"

interface Props {
  projectId: string
  isOpen: boolean
  onClose: () => void
  onFrozen: (version: Version) => void
}

/** Shows what would go in before it is frozen. */
export function FreezeDialog({ projectId, isOpen, onClose, onFrozen }: Props) {
  const counts = useClasses(projectId)
  const project = useProject(projectId)
  const freeze = useFreeze(projectId)
  const [note, setNote] = useState("")
  const [seed, setSeed] = useState<number | null>(null)
  const [test, setTest] = useState<number | null>(null)
  const [val, setVal] = useState<number | null>(null)
  const testShare = test ?? project.data?.settings.test_share ?? 0.2
  const valShare = val ?? project.data?.settings.val_share ?? 0.1
  const shown = preview(counts.data ?? [], testShare, valShare)

  function submit() {
    freeze.mutate(
      { note, seed, test_share: test, val_share: val },
      {
        onSuccess: (version) => {
          onClose()
          onFrozen(version)
        },
      },
    )
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title={strings.freezeTitle} size="lg">
      <Stack>
        {counts.isSuccess && !shown.isPossible && <Alert color="brass">{strings.nothingToFreeze}</Alert>}
        {shown.single.length > 0 && <Alert color="brass">{strings.onlyOne(shown.single.slice(0, 8).join(", "))}</Alert>}
        {shown.images > 0 && (
          <>
            <Text fw={600}>{strings.pictures(shown.images)}</Text>
            <SplitBar splits={shown.splits} />
            <Text size="xs" c="dimmed">
              {strings.about_counts}
            </Text>
            <ScrollArea.Autosize mah={220}>
              <Table verticalSpacing={4}>
                <Table.Tbody>
                  {shown.classes.map((entry) => (
                    <Table.Tr key={entry.id}>
                      <Table.Td>
                        <Group gap={8} wrap="nowrap">
                          <ColorSwatch color={entry.color} size={12} withShadow={false} />
                          {entry.name}
                        </Group>
                      </Table.Td>
                      <Table.Td ta="right">{entry.images}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollArea.Autosize>
            {shown.few.length > 0 && <Alert color="brass">{strings.tooFew(shown.few.slice(0, 8).join(", "))}</Alert>}
          </>
        )}
        <TextInput label={strings.note} placeholder={strings.notePlaceholder} value={note} onChange={(event) => setNote(event.currentTarget.value)} data-autofocus />
        <Accordion variant="separated">
          <Accordion.Item value="shares">
            <Accordion.Control>{strings.advanced}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="lg">
                <Share label={strings.testShare} value={testShare} onChange={setTest} />
                <Share label={strings.valShare} value={valShare} onChange={setVal} />
                <NumberInput label={strings.seed} description={strings.seedHelp} min={0} value={seed ?? 0} onChange={(value) => setSeed(Number(value) || 0)} />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Group justify="flex-end">
          <Button onClick={submit} loading={freeze.isPending} disabled={!shown.isPossible}>
            {strings.freezeNow}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Share({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <div>
      <Text size="sm">
        {label}: {Math.round(value * 100)} %
      </Text>
      <Slider label={null} min={0} max={0.5} step={0.05} value={value} onChange={onChange} thumbLabel={label} />
    </div>
  )
}
