import { Group, Radio, SimpleGrid, Text } from "@mantine/core"
import { IconBone, IconBoxMultiple, IconLasso, IconPhotoCheck, IconStack2, IconTags, type TablerIcon } from "@tabler/icons-react"

import { strings } from "./strings"

/** What a project can be about, from the question that it answers; every task has a card. */
const ICONS = {
  classification: IconPhotoCheck,
  multi_label: IconTags,
  detection: IconBoxMultiple,
  segmentation: IconLasso,
  semantic: IconStack2,
  keypoints: IconBone,
} satisfies Record<string, TablerIcon>

export type Task = keyof typeof ICONS

const TASKS = Object.keys(ICONS) as Task[]

interface Props {
  value: Task
  onChange: (task: Task) => void
}

/** One card for each kind of question, with an example: whoever has a wish finds its task without knowing its name. */
export function TaskCards({ value, onChange }: Props) {
  return (
    <Radio.Group label={strings.task} value={value} onChange={(chosen) => onChange(TASKS.find((entry) => entry === chosen) ?? "classification")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" mt={6}>
        {TASKS.map((entry) => (
          <TaskCard key={entry} task={entry} />
        ))}
      </SimpleGrid>
    </Radio.Group>
  )
}

function TaskCard({ task }: { task: Task }) {
  const Icon = ICONS[task]
  const { title, text, example } = strings.tasks[task]
  return (
    <Radio.Card value={task} radius="md" p="sm" data-task={task} display="flex">
      <Group wrap="nowrap" align="flex-start" gap="sm" flex={1}>
        <Icon size={24} stroke={1.5} aria-hidden style={{ flex: "none" }} />
        <div style={{ flex: 1 }}>
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="xs">{text}</Text>
          <Text size="xs" c="dimmed" mt={4}>
            {example}
          </Text>
        </div>
        <Radio.Indicator />
      </Group>
    </Radio.Card>
  )
}
