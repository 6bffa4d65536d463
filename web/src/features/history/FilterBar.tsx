import { Group, Select, TextInput } from "@mantine/core"
import { useDebouncedCallback } from "@mantine/hooks"
import { IconSearch } from "@tabler/icons-react"
import { useState } from "react"

import type { Filters } from "./filters"
import { useHistoryKinds, useHistoryPeople, type Scope } from "./queries"
import { strings } from "./strings"

const PAUSE_MS = 300

interface Props {
  scope: Scope
  filters: Filters
  onFilters: (filters: Filters) => void
}

/** Words, a person, a kind and days; everything is heeded at once. */
export function FilterBar({ scope, filters, onFilters }: Props) {
  const kinds = useHistoryKinds(scope).data ?? []
  const people = useHistoryPeople(scope).data ?? []
  const set = (change: Partial<Record<keyof Filters, string | null>>) => {
    const next = { ...filters, ...change }
    onFilters(Object.fromEntries(Object.entries(next).filter(([, value]) => value)))
  }
  return (
    <Group gap="sm" align="flex-end" role="search">
      <Words key={filters.text ? "some" : "none"} text={filters.text ?? ""} onText={(text) => set({ text })} />
      <Select
        label={strings.kind}
        placeholder={strings.anything}
        data={kinds.map((kind) => ({ value: kind, label: strings.kinds[kind] ?? kind }))}
        value={filters.kind ?? null}
        onChange={(kind) => set({ kind })}
        clearable
        searchable
        w="13rem"
      />
      <Select label={strings.person} placeholder={strings.anybody} data={people.map(({ id, name }) => ({ value: id, label: name }))} value={filters.person ?? null} onChange={(person) => set({ person })} clearable searchable w="11rem" />
      <TextInput type="date" label={strings.since} value={filters.since ?? ""} max={filters.until} onChange={(event) => set({ since: event.currentTarget.value })} w="9.5rem" />
      <TextInput type="date" label={strings.until} value={filters.until ?? ""} min={filters.since} onChange={(event) => set({ until: event.currentTarget.value })} w="9.5rem" />
    </Group>
  )
}

function Words({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  const tell = useDebouncedCallback(onText, PAUSE_MS)
  return (
    <TextInput
      type="search"
      label={strings.search}
      placeholder={strings.searchPlaceholder}
      leftSection={<IconSearch size={16} aria-hidden />}
      maxLength={100}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        tell(event.currentTarget.value.trim())
      }}
      style={{ flex: "1 1 14rem" }}
    />
  )
}
