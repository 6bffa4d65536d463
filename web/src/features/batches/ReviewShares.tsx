import { CloseButton, Group, NumberInput, Select, Stack, Text } from "@mantine/core"

import { useClasses } from "../../api/shared"
import { useMembers } from "./queries"
import type { Draft } from "./draft"
import { strings } from "./strings"

interface Props {
  projectId: string
  draft: Draft
  onChange: (change: Partial<Draft>) => void
}

const ALL = 100

/** Classes and people of whose pictures another share is reviewed. */
export function ReviewShares({ projectId, draft, onChange }: Props) {
  const classes = (useClasses(projectId).data ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const people = (useMembers(projectId).data ?? []).map(({ user_id, name }) => ({ value: user_id, label: name }))
  const set = (id: string, share: number | null) => {
    const field = people.some(({ value }) => value === id) ? "byPerson" : "byClass"
    const others = Object.fromEntries(Object.entries(draft[field]).filter(([other]) => other !== id))
    onChange({ [field]: share === null ? others : { ...others, [id]: share } })
  }
  const chosen = { ...draft.byClass, ...draft.byPerson }
  const rows = [...classes, ...people].filter(({ value }) => value in chosen)
  const left = (items: typeof classes) => items.filter(({ value }) => !(value in chosen))
  return (
    <Stack gap={6}>
      <div>
        <Text size="sm" fw={500}>
          {strings.field.reviewSome}
        </Text>
        <Text size="xs" c="dimmed">
          {strings.field.reviewSomeHelp}
        </Text>
      </div>
      {rows.map(({ value, label }) => (
        <Group key={value} gap="xs" wrap="nowrap">
          <Text size="sm" flex={1} truncate>
            {label}
          </Text>
          <NumberInput aria-label={strings.field.someShare(label)} size="xs" w={90} min={0} max={100} suffix=" %" value={chosen[value]} onChange={(share) => set(value, typeof share === "number" ? share : 0)} />
          <CloseButton size="sm" aria-label={strings.field.takeAway(label)} onClick={() => set(value, null)} />
        </Group>
      ))}
      <Select
        aria-label={strings.field.addSome}
        placeholder={strings.field.addSome}
        size="xs"
        searchable
        value={null}
        onChange={(id) => id && set(id, ALL)}
        data={[
          { group: strings.field.classes, items: left(classes) },
          { group: strings.field.persons, items: left(people) },
        ]}
      />
    </Stack>
  )
}
