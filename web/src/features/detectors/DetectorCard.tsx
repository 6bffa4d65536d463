import { ActionIcon, Anchor, Button, Card, Group, Menu, Table, Text, TextInput } from "@mantine/core"
import { IconDots } from "@tabler/icons-react"
import { useRef, useState } from "react"

import type { Detector } from "../../api/detectors"
import { useClasses } from "../../api/shared"
import { Barred, ClassDot, fileSize, undoToast } from "../../ui"
import { useDeleteDetector, useRestoreDetector, useUpdateDetector, type Statistics } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  detector: Detector
  /** Why the present person may not change or use it; null: they may. */
  whyNot: string | null
  outcomes: Statistics["detectors"][number] | undefined
  onSuggest: () => void
  onMap: () => void
}

const OUTCOMES = ["undecided", "accepted", "edited", "rejected"] as const

/** One detector: what it finds, what its classes mean, and what became of what it suggested. */
export function DetectorCard({ projectId, detector, whyNot, outcomes, onSuggest, onMap }: Props) {
  const update = useUpdateDetector(projectId)
  const remove = useDeleteDetector(projectId)
  const restore = useRestoreDetector(projectId)
  const [name, setName] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const meant = detector.classes.filter(({ class_id }) => class_id !== null).length
  const total = OUTCOMES.reduce((sum, outcome) => sum + detector.outcomes[outcome], 0)
  const rename = () => {
    if (name?.trim() && name.trim() !== detector.name) update.mutate({ id: detector.id, name: name.trim() })
    setName(null)
  }
  // Only once the menu is gone: it takes the focus along, and a field that loses it is done.
  const isNaming = useRef(false)
  const startNaming = () => {
    if (isNaming.current) setName(detector.name)
    isNaming.current = false
  }
  const takeAway = () => remove.mutate(detector.id, { onSuccess: () => undoToast(strings.removed(detector.name, detector.outcomes.undecided), () => restore.mutate(detector.id)) })
  return (
    <Card withBorder data-testid="detector">
      <Group justify="space-between" wrap="nowrap">
        {name === null ? (
          <Text fw={600}>{detector.name}</Text>
        ) : (
          <TextInput aria-label={strings.name} size="xs" value={name} autoFocus maxLength={100} onChange={(event) => setName(event.currentTarget.value)} onBlur={rename} onKeyDown={(event) => event.key === "Enter" && rename()} />
        )}
        <Group gap="xs" wrap="nowrap">
          <Barred why={whyNot}>
            <Button size="compact-md" variant="light" onClick={meant > 0 ? onSuggest : onMap}>
              {meant > 0 ? strings.suggest : strings.classes}
            </Button>
            <Menu position="bottom-end" onExitTransitionEnd={startNaming}>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" aria-label={strings.more}>
                  <IconDots size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={onMap}>{strings.classes}</Menu.Item>
                <Menu.Item onClick={() => (isNaming.current = true)}>{strings.rename}</Menu.Item>
                <Menu.Item color="clay" onClick={takeAway}>
                  {strings.remove}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Barred>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {strings.finds[detector.shape]} · {detector.input_width} × {detector.input_height} · {fileSize(detector.size_bytes)} ·{" "}
        {whyNot === null ? (
          <Anchor component="button" type="button" size="sm" onClick={onMap}>
            {strings.classesOf(meant, detector.classes.length)}
          </Anchor>
        ) : (
          strings.classesOf(meant, detector.classes.length)
        )}
      </Text>
      <Group gap="md" mt={6}>
        {total === 0 && <Text size="sm">{strings.nothingYet}</Text>}
        {total > 0 &&
          OUTCOMES.map((outcome) => (
            <Text key={outcome} size="sm" data-testid={outcome}>
              <b>{detector.outcomes[outcome].toLocaleString("en")}</b> {strings.outcomes[outcome]}
            </Text>
          ))}
        {total > 0 && (
          <Anchor component="button" type="button" size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? strings.hideClasses : strings.byClass}
          </Anchor>
        )}
      </Group>
      {isOpen && outcomes && <ByClass projectId={projectId} outcomes={outcomes} />}
    </Card>
  )
}

function ByClass({ projectId, outcomes }: { projectId: string; outcomes: Statistics["detectors"][number] }) {
  const classes = useClasses(projectId).data ?? []
  return (
    <Table mt="xs" verticalSpacing={4} data-testid="by-class">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{strings.yours}</Table.Th>
          {OUTCOMES.map((outcome) => (
            <Table.Th key={outcome} ta="right">
              {strings.outcomes[outcome]}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {outcomes.classes.map((row) => {
          const found = classes.find(({ id }) => id === row.class_id)
          if (!found) return null
          return (
            <Table.Tr key={row.class_id}>
              <Table.Td>
                <Group gap={8} wrap="nowrap">
                  <ClassDot color={found.color} size={10} />
                  <span>{found.name}</span>
                </Group>
              </Table.Td>
              {OUTCOMES.map((outcome) => (
                <Table.Td key={outcome} ta="right">
                  {row[outcome].toLocaleString("en")}
                </Table.Td>
              ))}
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}
