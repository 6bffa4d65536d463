import { Alert, Autocomplete, Button, Group, Modal, Select, Stack, Table, Text } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { useState } from "react"

import { useAttributes, useClasses, useProject, type ProjectClass } from "../../../../api/shared"
import { isWhole } from "../../../../api/tasks"
import { ClassDot, LoadingState, undoToast } from "../../../../ui"
import { useSplitClass, useSplitImpact, useUndoLatest, type SplitImpact } from "../../queries"
import { strings } from "../strings"
import { EMPTY, toBody, type Draft, type Rule } from "./rules"
import { RuleRow } from "./RuleRow"

const said = strings.split
const PAUSE_MS = 300

interface Props {
  projectId: string
  entry: ProjectClass
  onClose: () => void
}

/** Splits a class by rules; what each class would get is counted before anything is done. */
export function SplitDialog({ projectId, entry, onClose }: Props) {
  const classes = useClasses(projectId).data ?? []
  const attributes = useAttributes(projectId).data ?? []
  const task = useProject(projectId).data?.task ?? "classification"
  const subject = task === "classification" ? "image" : "object"
  const asked = attributes.filter((one) => one.subject === subject && (one.class_id === null || one.class_id === entry.id))
  const [draft, setDraft] = useState<Draft>({ rules: [EMPTY], rest: "keep", restTo: "" })
  const body = toBody(draft, asked)
  const [settled] = useDebouncedValue(body, PAUSE_MS)
  const impact = useSplitImpact(projectId, entry.id, settled)
  const split = useSplitClass(projectId)
  const undo = useUndoLatest(projectId)
  const others = classes.filter(({ id }) => id !== entry.id).map(({ name }) => name)
  const setRule = (index: number, rule: Rule | null) => setDraft({ ...draft, rules: draft.rules.flatMap((old, at) => (at !== index ? [old] : rule ? [rule] : [])) })
  const go = () => {
    if (!body) return
    split.mutate(
      { classId: entry.id, body },
      {
        onSuccess: () => {
          onClose()
          undoToast(said.done(entry.name), () => undo.mutate(undefined))
        },
      },
    )
  }
  return (
    <Modal opened onClose={onClose} size="xl" title={said.title(entry.name)}>
      <Stack>
        <Text c="dimmed">{said.about}</Text>
        {draft.rules.map((rule, index) => (
          <RuleRow key={index} projectId={projectId} rule={rule} attributes={asked} names={others} canRemove={draft.rules.length > 1} onChange={(next) => setRule(index, next)} onRemove={() => setRule(index, null)} />
        ))}
        <Group>
          <Button variant="light" size="compact-md" onClick={() => setDraft({ ...draft, rules: [...draft.rules, EMPTY] })}>
            {said.another}
          </Button>
        </Group>
        <Group align="flex-end" grow>
          <Select
            label={said.rest}
            value={draft.rest}
            allowDeselect={false}
            onChange={(rest) => setDraft({ ...draft, rest: (rest ?? "keep") as Draft["rest"] })}
            data={[
              { value: "keep", label: said.rests.keep(entry.name) },
              { value: "relabel", label: isWhole(task) ? said.rests.relabel : said.rests.redraw },
              { value: "move", label: said.rests.move },
            ]}
          />
          {draft.rest === "move" && <Autocomplete label={said.restTo} placeholder={said.toPlaceholder} data={others} value={draft.restTo} maxLength={100} onChange={(restTo) => setDraft({ ...draft, restTo })} />}
        </Group>
        {impact.isError && <Alert color="clay">{impact.error.message}</Alert>}
        {impact.isLoading && <LoadingState label={strings.looking} />}
        {body && impact.data && <Shares impact={impact.data} classes={classes} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {said.cancel}
          </Button>
          <Button onClick={go} loading={split.isPending} disabled={!body || !impact.data || impact.isError}>
            {said.button}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Shares({ impact, classes }: { impact: SplitImpact; classes: readonly ProjectClass[] }) {
  const colorOf = (name: string) => classes.find((one) => one.name.toLowerCase() === name.toLowerCase())?.color
  return (
    <div data-testid="split-impact">
      <Table verticalSpacing={4} mb="xs">
        <Table.Tbody>
          {[...impact.shares, impact.rest].map((share, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <Group gap="xs">
                  <ClassDot color={colorOf(share.name) ?? "transparent"} />
                  <Text fw={600}>{share.name}</Text>
                  {share.is_new && (
                    <Text size="sm" c="dimmed">
                      {said.isNew}
                    </Text>
                  )}
                  {index === impact.shares.length && (
                    <Text size="sm" c="dimmed">
                      {said.restShort}
                    </Text>
                  )}
                </Group>
              </Table.Td>
              <Table.Td ta="right">{said.counted(share.images, share.objects)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        {impact.text}
      </Text>
    </div>
  )
}
