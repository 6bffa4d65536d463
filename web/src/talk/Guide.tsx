import { Badge, Box, Button, Group, Loader, SimpleGrid, Stack, Text } from "@mantine/core"
import { IconThumbDown, IconThumbUp } from "@tabler/icons-react"
import { lazy, Suspense } from "react"

import { previewUrl, thumbnailUrl } from "../api/images"
import { isNews, useReadGuidelines, type Example, type Guideline, type GuidelineVersion } from "../api/talk"
import { ago } from "../ui"
import { strings } from "./strings"
import classes from "./talk.module.css"

/** The library for Markdown comes when the first text is shown. */
const Markdown = lazy(() => import("./Markdown").then((module) => ({ default: module.Markdown })))

/** What a version says, and shows. */
export function GuideText({ version }: { version: Pick<GuidelineVersion, "text" | "examples"> }) {
  return (
    <Stack gap="sm">
      <Suspense fallback={<Loader size="sm" aria-label={strings.loading} />}>
        <Markdown text={version.text} />
      </Suspense>
      <Examples examples={version.examples} verdict="good" />
      <Examples examples={version.examples} verdict="bad" />
    </Stack>
  )
}

function Examples({ examples, verdict }: { examples: readonly Example[]; verdict: Example["verdict"] }) {
  const shown = examples.filter((example) => example.verdict === verdict)
  if (shown.length === 0) return null
  const Icon = verdict === "good" ? IconThumbUp : IconThumbDown
  return (
    <Box>
      <Group gap={6} mb={4} className={classes[verdict]}>
        <Icon size={15} aria-hidden />
        <Text size="sm" fw={600}>
          {strings[verdict]}
        </Text>
      </Group>
      <SimpleGrid cols={2} spacing={8} className={classes.examples}>
        {shown.map((example) => (
          <figure key={example.image_id} className={classes.example} data-verdict={verdict}>
            {example.is_missing ? (
              <Text size="xs" c="dimmed" p="xs">
                {strings.missing}
              </Text>
            ) : (
              <a href={previewUrl(example.image_id)} target="_blank" rel="noreferrer">
                <img src={thumbnailUrl(example.image_id)} alt={example.caption || strings[verdict]} loading="lazy" />
              </a>
            )}
            {example.caption && <figcaption>{example.caption}</figcaption>}
          </figure>
        ))}
      </SimpleGrid>
    </Box>
  )
}

/** The version that counts, with whether one has read it. */
export function Guide({ projectId, guideline }: { projectId: string; guideline: Guideline }) {
  const read = useReadGuidelines(projectId)
  const isNew = isNews(guideline)
  return (
    <Stack gap="sm" data-testid="guide">
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {strings.version(guideline.number)} · {guideline.author_name ?? strings.somebody} · {ago(guideline.created_at)}
        </Text>
        {isNew && (
          <Badge size="sm" color="brass" variant="light">
            {guideline.read_number === null ? strings.fresh : strings.changed}
          </Badge>
        )}
      </Group>
      {isNew && guideline.note && (
        <Text size="sm" fs="italic">
          {guideline.note}
        </Text>
      )}
      <GuideText version={guideline} />
      {isNew && (
        <Group>
          <Button size="compact-sm" variant="light" loading={read.isPending} onClick={() => read.mutate({ class_id: guideline.class_id, number: guideline.number })}>
            {strings.haveRead}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
