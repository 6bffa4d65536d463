import { Anchor, Group, Pill } from "@mantine/core"

import type { ProjectClass } from "../../../api/shared"
import { strings } from "../strings"
import { toggled, type Filters } from "./filters"

interface Props {
  filters: Filters
  classes: ReadonlyMap<string, ProjectClass>
  onChange: (change: Partial<Filters>) => void
  onClear: () => void
}

interface Chip {
  id: string
  text: string
  without: Partial<Filters>
}

function chipsOf(filters: Filters, classes: ReadonlyMap<string, ProjectClass>): Chip[] {
  const nameOf = (id: string) => classes.get(id)?.name ?? "…"
  const chips: Chip[] = [
    ...(filters.answer ?? []).map((value) => ({ id: `answer:${value}`, text: strings.answers[value] ?? value, without: { answer: toggled(filters.answer, value) } })),
    ...(filters.class ?? []).map((value) => ({ id: `class:${value}`, text: nameOf(value), without: { class: toggled(filters.class, value) } })),
    ...(filters.suggested ?? []).map((value) => ({ id: `suggested:${value}`, text: strings.suggested(nameOf(value)), without: { suggested: toggled(filters.suggested, value) } })),
    ...(filters.split ?? []).map((value) => ({ id: `split:${value}`, text: strings.splits[value] ?? value, without: { split: toggled(filters.split, value) } })),
  ]
  if (filters.twins !== undefined) chips.push({ id: "twins", text: filters.twins ? strings.twins : strings.noTwins, without: { twins: undefined } })
  if (filters.issues !== undefined) chips.push({ id: "issues", text: filters.issues ? strings.openIssue : strings.noOpenIssue, without: { issues: undefined } })
  if (filters.import) chips.push({ id: "import", text: strings.fromImport, without: { import: undefined } })
  if (filters.name) chips.push({ id: "name", text: strings.named(filters.name), without: { name: undefined } })
  if (filters.min !== undefined || filters.max !== undefined) {
    chips.push({ id: "score", text: strings.score(filters.min ?? 0, filters.max ?? 1), without: { min: undefined, max: undefined } })
  }
  return chips
}

/** Every filter in force, each with its way out. */
export function Chips({ filters, classes, onChange, onClear }: Props) {
  const chips = chipsOf(filters, classes)
  if (chips.length === 0) return null
  return (
    <Group gap={6} data-testid="chips">
      {chips.map((chip) => (
        <Pill key={chip.id} withRemoveButton onRemove={() => onChange(chip.without)} removeButtonProps={{ "aria-label": strings.removeFilter(chip.text), tabIndex: 0 }}>
          {chip.text}
        </Pill>
      ))}
      <Anchor component="button" type="button" size="sm" onClick={onClear}>
        {strings.clear}
      </Anchor>
    </Group>
  )
}
