import { Box, Button, Checkbox, Divider, Group, Popover, RangeSlider, ScrollArea, Stack, Text, Title } from "@mantine/core"
import { IconFilter } from "@tabler/icons-react"
import { useState, type ReactNode } from "react"

import { useProject, type ProjectClass } from "../../../api/shared"
import { isWhole } from "../../../api/tasks"
import { ClassDot } from "../../../ui"
import { useCounts } from "../queries"
import { strings } from "../strings"
import { ANSWERS, baseOf, SPLITS, toggled, type Filters } from "./filters"

interface Props {
  projectId: string
  filters: Filters
  classes: readonly ProjectClass[]
  onChange: (change: Partial<Filters>) => void
}

/** Everything one can narrow by, each with how many pictures it has. */
export function FilterMenu({ projectId, filters, classes, onChange }: Props) {
  const task = useProject(projectId).data?.task ?? "classification"
  const facets = useCounts(projectId, baseOf(filters)).data?.facets
  return (
    <Popover position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={16} aria-hidden />}>
          {strings.filter}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="md" w={560} maw="90vw">
        <Group align="flex-start" wrap="nowrap" gap="lg">
          <Stack gap="md" w={210} flex="none">
            <Section title={strings.filterAnswer}>
              {ANSWERS.filter((answer) => answer !== (isWhole(task) ? "objects" : "class")).map((answer) => (
                <Choice
                  key={answer}
                  label={strings.answers[answer]}
                  count={facets?.answer[answer] ?? 0}
                  isOn={filters.answer?.includes(answer)}
                  onToggle={() => onChange({ answer: toggled(filters.answer, answer) })}
                />
              ))}
            </Section>
            <Section title={strings.filterSplit}>
              {SPLITS.map((split) => (
                <Choice
                  key={split}
                  label={strings.splits[split]}
                  count={facets?.split[split] ?? 0}
                  isOn={filters.split?.includes(split)}
                  onToggle={() => onChange({ split: toggled(filters.split, split) })}
                />
              ))}
            </Section>
            <Section title={strings.filterTwins}>
              <Choice label={strings.twins} count={facets?.twins ?? 0} isOn={filters.twins === true} onToggle={() => onChange({ twins: filters.twins ? undefined : true })} />
            </Section>
            <Section title={strings.filterIssues}>
              <Choice label={strings.openIssue} count={facets?.open_issues ?? 0} isOn={filters.issues === true} onToggle={() => onChange({ issues: filters.issues ? undefined : true })} />
            </Section>
            <Certainty filters={filters} onChange={onChange} />
          </Stack>
          <Divider orientation="vertical" />
          <Box flex={1} miw={0}>
            <ClassChoices title={strings.filterClass} classes={classes} counts={facets?.class} chosen={filters.class} onChange={(ids) => onChange({ class: ids })} />
            <ClassChoices title={strings.filterSuggested} classes={classes} counts={facets?.suggested_class} chosen={filters.suggested} onChange={(ids) => onChange({ suggested: ids })} />
          </Box>
        </Group>
      </Popover.Dropdown>
    </Popover>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box>
      <Title order={3} mb={6}>
        {title}
      </Title>
      <Stack gap={6}>{children}</Stack>
    </Box>
  )
}

interface ChoiceProps {
  label: ReactNode
  count: number
  isOn?: boolean
  onToggle: () => void
}

function Choice({ label, count, isOn = false, onToggle }: ChoiceProps) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" c={count === 0 && !isOn ? "dimmed" : undefined}>
      <Checkbox size="xs" label={label} checked={isOn} onChange={onToggle} disabled={count === 0 && !isOn} />
      <Text size="xs" c="dimmed">
        {count.toLocaleString()}
      </Text>
    </Group>
  )
}

interface ClassChoicesProps {
  title: string
  classes: readonly ProjectClass[]
  counts: Readonly<Record<string, number>> | undefined
  chosen: string[] | undefined
  onChange: (ids: string[] | undefined) => void
}

function ClassChoices({ title, classes, counts = {}, chosen, onChange }: ClassChoicesProps) {
  const shown = classes.filter((entry) => (counts[entry.id] ?? 0) > 0 || chosen?.includes(entry.id))
  if (shown.length === 0) return null
  return (
    <Section title={title}>
      <ScrollArea.Autosize mah={240} mb="sm" type="auto">
        <Stack gap={6} pr="sm">
          {shown.map((entry) => (
            <Choice
              key={entry.id}
              label={
                <Group gap={6} wrap="nowrap">
                  <ClassDot color={entry.color} size={10} />
                  {entry.name}
                </Group>
              }
              count={counts[entry.id] ?? 0}
              isOn={chosen?.includes(entry.id)}
              onToggle={() => onChange(toggled(chosen, entry.id))}
            />
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </Section>
  )
}

function Certainty({ filters, onChange }: Pick<Props, "filters" | "onChange">) {
  const [range, setRange] = useState<[number, number]>([(filters.min ?? 0) * 100, (filters.max ?? 1) * 100])
  return (
    <Section title={strings.filterScore}>
      <RangeSlider
        size="sm"
        value={range}
        onChange={setRange}
        onChangeEnd={([min, max]) => onChange({ min: min > 0 ? min / 100 : undefined, max: max < 100 ? max / 100 : undefined })}
        label={(value) => `${value} %`}
        minRange={5}
        thumbFromLabel={strings.filterScore}
        thumbToLabel={strings.filterScore}
      />
    </Section>
  )
}
