import { Card, Group, Stack, Text, Title } from "@mantine/core"
import { IconArrowRight } from "@tabler/icons-react"

import { useWork, type Work } from "../../api/batches"
import { LinkButton, moment } from "../../ui"
import { strings } from "./strings"

const SHOWN = 4

/** What there is to label for the person who looks, the most urgent first; nothing where there is none. */
export function YourWork({ projectId }: { projectId?: string }) {
  const all = useWork().data ?? []
  const [first, ...others] = projectId === undefined ? all : all.filter((work) => work.project_id === projectId)
  if (!first) return null
  return (
    <Card padding="lg" data-testid="your-work">
      <Text size="sm" c="dimmed">
        {strings.work.title}
      </Text>
      <Group justify="space-between" gap="lg">
        <div>
          <Title order={2}>{first.name}</Title>
          <Text mt={2}>{said(first, projectId === undefined)}</Text>
        </div>
        <LinkButton size="md" rightSection={<IconArrowRight size={18} aria-hidden />} to="/projects/$projectId/label" params={{ projectId: first.project_id }} search={{ batch: first.batch_id }}>
          {strings.work.go(first.labels > 0)}
        </LinkButton>
      </Group>
      {others.length > 0 && (
        <Stack gap={6} mt="md">
          {others.slice(0, SHOWN).map((work) => (
            <Group key={work.batch_id} justify="space-between" gap="sm" wrap="nowrap">
              <Text size="sm" truncate>
                <b>{work.name}</b> · {said(work, projectId === undefined)}
              </Text>
              <LinkButton size="compact-sm" variant="subtle" flex="none" to="/projects/$projectId/label" params={{ projectId: work.project_id }} search={{ batch: work.batch_id }}>
                {strings.work.label}
              </LinkButton>
            </Group>
          ))}
        </Stack>
      )}
    </Card>
  )
}

function said(work: Work, withProject: boolean): string {
  return [withProject && work.project_name, strings.work.left(work.left), work.labels > 0 && strings.work.given(work.labels), work.deadline && strings.work.until(moment(work.deadline))].filter(Boolean).join(" · ")
}
