import { Button, Card, Group, Image, SegmentedControl, Select, SimpleGrid, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { CardTitle, ErrorState, LoadingState } from "../../ui"
import { thumbnailUrl } from "../../api/images"
import { useProject } from "../../api/shared"
import { useVersionImages, type Split, type Version, type VersionImage } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  version: Version
}

/** The pictures of a version by split and class. */
export function VersionImages({ projectId, version }: Props) {
  const [split, setSplit] = useState<Split | null>(null)
  const [classId, setClassId] = useState<string | null>(null)
  const pages = useVersionImages(projectId, version.id, split, classId)
  const names = new Map(version.classes.map((entry) => [entry.id, entry.name]))
  const isMultiLabel = useProject(projectId).data?.task === "multi_label"
  const images = pages.data?.pages.flatMap((page) => page.items) ?? []
  const held = (entry: VersionImage) => strings.holds(entry.objects.map(({ class_id, objects }) => ({ name: names.get(class_id) ?? "?", count: objects })), isMultiLabel)
  function caption(entry: VersionImage): string | undefined {
    if (entry.class_id) return names.get(entry.class_id)
    const count = entry.objects.reduce((sum, { objects }) => sum + objects, 0)
    return isMultiLabel || count === 0 ? held(entry) : strings.objects(count)
  }
  return (
    <Card withBorder>
      <Stack>
        <Group justify="space-between">
          <CardTitle gap={false}>{strings.images}</CardTitle>
          <Group>
            <SegmentedControl
              size="xs"
              value={split ?? "all"}
              onChange={(value) => setSplit(value === "all" ? null : (value as Split))}
              data={[{ value: "all", label: strings.all }, ...(["train", "val", "test"] as const).map((name) => ({ value: name, label: strings.splits[name] }))]}
            />
            <Select
              size="xs"
              clearable
              searchable
              placeholder={strings.class}
              value={classId}
              onChange={setClassId}
              data={version.classes.map((entry) => ({ value: entry.id, label: entry.name }))}
            />
          </Group>
        </Group>
        {pages.isPending && <LoadingState label={strings.loading} />}
        {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isSuccess && images.length === 0 && <Text c="dimmed">{strings.pictures(0)}</Text>}
        <SimpleGrid cols={{ base: 5, sm: 7, lg: 10 }} spacing="xs">
          {images.map((entry) => (
            <div key={entry.image.id}>
              <Image src={thumbnailUrl(entry.image.id)} alt={entry.image.name} title={entry.image.name} radius="sm" h={88} fit="cover" loading="lazy" />
              <Text size="xs" truncate c="dimmed" title={entry.class_id ? undefined : held(entry)}>
                {caption(entry)}
              </Text>
            </div>
          ))}
        </SimpleGrid>
        {pages.hasNextPage && (
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {strings.more}
          </Button>
        )}
      </Stack>
    </Card>
  )
}
