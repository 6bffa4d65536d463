import { Badge, Group, Image, SimpleGrid, Stack, Text, Tooltip } from "@mantine/core"
import type { ReactNode } from "react"

import { thumbnailUrl } from "../../api/images"
import type { VersionDiff } from "./queries"
import { strings } from "./strings"

interface Props {
  diff: VersionDiff
  nameOf: (classId: string) => string
  /** Whether objects are drawn, or pictures have several classes. */
  isDrawn: boolean
}

const SHOWN = 24

/** What changed from one version to the next, with the pictures. */
export function DiffView({ diff, nameOf, isDrawn }: Props) {
  const { counts } = diff
  const isSame = counts.added + counts.removed + counts.relabelled + counts.changed + counts.moved === 0
  const renamed = Object.entries(diff.classes_renamed)
  return (
    <Stack>
      <Group gap="xs">
        <Count label={strings.added} n={counts.added} color="pine" />
        <Count label={strings.removed} n={counts.removed} color="red" />
        {isDrawn ? <Count label={strings.changed} n={counts.changed} color="brass" /> : <Count label={strings.relabelled} n={counts.relabelled} color="brass" />}
        <Count label={strings.moved} n={counts.moved} color="pine" />
        <Count label={strings.unchanged} n={counts.unchanged} color="gray" />
      </Group>
      {isDrawn && <Text size="sm">{strings.objectChanges(diff.objects)}</Text>}
      {isSame && <Text>{strings.same}</Text>}
      {diff.classes_added.length > 0 && <Text size="sm">{`${strings.classesAdded}: ${diff.classes_added.map((entry) => entry.name).join(", ")}`}</Text>}
      {diff.classes_removed.length > 0 && <Text size="sm">{`${strings.classesRemoved}: ${diff.classes_removed.map((entry) => entry.name).join(", ")}`}</Text>}
      {renamed.length > 0 && <Text size="sm">{`${strings.classesRenamed}: ${renamed.map(([, names]) => names.join(" → ")).join(", ")}`}</Text>}
      <Pictures title={strings.relabelled} n={counts.relabelled} items={diff.relabelled.map((entry) => ({ ...entry, text: `${nameOf(entry.from_class_id)} → ${nameOf(entry.to_class_id)}` }))} />
      <Pictures title={strings.changed} n={counts.changed} items={diff.changed.map((entry) => ({ ...entry, text: strings.changes(entry) }))} />
      <Pictures title={strings.added} n={counts.added} items={diff.added.map((entry) => ({ ...entry, text: entry.class_id ? nameOf(entry.class_id) : strings.objects(entry.objects) }))} />
      <Pictures title={strings.removed} n={counts.removed} items={diff.removed.map((entry) => ({ ...entry, text: entry.class_id ? nameOf(entry.class_id) : strings.objects(entry.objects) }))} />
      <Pictures title={strings.moved} n={counts.moved} items={diff.moved.map((entry) => ({ ...entry, text: `${strings.splits[entry.from_split]} → ${strings.splits[entry.to_split]}` }))} />
    </Stack>
  )
}

function Count({ label, n, color }: { label: string; n: number; color: string }) {
  return (
    <Badge size="lg" variant="light" color={n > 0 ? color : "gray"} tt="none">
      {label}: {n.toLocaleString("en")}
    </Badge>
  )
}

function Pictures({ title, n, items }: { title: string; n: number; items: { image_id: string; name: string; text: string }[] }): ReactNode {
  if (items.length === 0) return null
  return (
    <div>
      <Text fw={600} mb={4}>
        {title}
      </Text>
      <SimpleGrid cols={{ base: 4, sm: 6, lg: 8 }} spacing="xs">
        {items.slice(0, SHOWN).map((item) => (
          <Tooltip key={item.image_id} label={item.name}>
            <div>
              <Image src={thumbnailUrl(item.image_id)} alt={item.name} radius="sm" h={92} fit="cover" loading="lazy" />
              <Text size="xs" truncate>
                {item.text}
              </Text>
            </div>
          </Tooltip>
        ))}
      </SimpleGrid>
      {n > SHOWN && (
        <Text size="xs" c="dimmed" mt={4}>
          {strings.andMore(n - SHOWN)}
        </Text>
      )}
    </div>
  )
}
