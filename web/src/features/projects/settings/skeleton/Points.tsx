import { ActionIcon, Group, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core"
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react"

import { strings } from "../strings"
import { changed, faulty, joined, moved, partner, withEdge, withoutJoint, withPair, type Draft } from "./draft"
import styles from "./skeleton.module.css"

const { skeleton: words } = strings

interface Props {
  draft: Draft
  chosen: number | null
  onChange: (draft: Draft) => void
  onChoose: (at: number | null) => void
}

/** The points in the order in which they are set: everything that the drawing does can be done here by keyboard. */
export function Points({ draft, chosen, onChange, onChoose }: Props) {
  const wrong = faulty(draft)
  return (
    <Stack gap={4} className={styles.points}>
      {draft.joints.length === 0 && <Text c="dimmed">{words.empty}</Text>}
      {draft.joints.map((joint, at) => (
        <Group key={at} gap={4} wrap="nowrap">
          <Text size="sm" w={24} ta="right" c="dimmed">
            {at + 1}
          </Text>
          <TextInput size="xs" flex={1} aria-label={words.point(at + 1)} value={joint.name} maxLength={60} error={wrong.has(at) ? words.taken : undefined} onFocus={() => onChoose(at)} onChange={(event) => onChange(changed(draft, at, { name: event.currentTarget.value }))} />
          <Small label={`${strings.up}: ${joint.name}`} isDisabled={at === 0} onClick={() => onChange(moved(draft, at, -1))}>
            <IconArrowUp size={14} />
          </Small>
          <Small label={`${strings.down}: ${joint.name}`} isDisabled={at === draft.joints.length - 1} onClick={() => onChange(moved(draft, at, 1))}>
            <IconArrowDown size={14} />
          </Small>
          <Small
            label={words.remove(joint.name)}
            onClick={() => {
              onChange(withoutJoint(draft, at))
              if (chosen !== null && chosen >= at) onChoose(null)
            }}
          >
            <IconTrash size={14} />
          </Small>
        </Group>
      ))}
    </Stack>
  )
}

/** What the chosen point is joined to, and which point it becomes in a mirror. */
export function PointLinks({ draft, chosen, onChange }: Omit<Props, "onChoose">) {
  const joint = chosen === null ? undefined : draft.joints[chosen]
  if (chosen === null || !joint) return <Text size="xs" c="dimmed">{words.chooseOne}</Text>
  const others = draft.joints.map(({ name }, at) => ({ value: String(at), label: `${at + 1} ${name}` })).filter(({ value }) => value !== String(chosen))
  const now = joined(draft, chosen)
  const join = (values: string[]) => {
    const wanted = values.map(Number)
    const differing = [...wanted.filter((at) => !now.includes(at)), ...now.filter((at) => !wanted.includes(at))]
    onChange(differing.reduce((next, at) => withEdge(next, chosen, at), draft))
  }
  return (
    <Stack gap={6}>
      <MultiSelect size="xs" label={words.joinedTo(joint.name)} data={others} value={now.map(String)} onChange={join} searchable />
      <Select size="xs" label={words.mirror(joint.name)} data={others} value={partner(draft, chosen)?.toString() ?? null} onChange={(value) => onChange(withPair(draft, chosen, value === null ? null : Number(value)))} clearable searchable placeholder={words.itself} />
    </Stack>
  )
}

function Small({ label, onClick, isDisabled = false, children }: { label: string; onClick: () => void; isDisabled?: boolean; children: React.ReactNode }) {
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
      {children}
    </ActionIcon>
  )
}
