import { Alert, Card, Group, Stack, Text, Title } from "@mantine/core"
import { IconArrowRight } from "@tabler/icons-react"

import { useWork, type Work } from "../../api/batches"
import { LinkButton, moment } from "../../ui"
import { strings } from "./strings"

const SHOWN = 4

/** What there is to label and to review for the person who looks, the most urgent first; nothing where there is none. */
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
        <Group gap="xs">
          <ReviewButton work={first} size="md" variant={first.left > 0 ? "light" : "filled"} />
          {first.left > 0 && (
            <LinkButton size="md" rightSection={<IconArrowRight size={18} aria-hidden />} to="/projects/$projectId/label" params={{ projectId: first.project_id }} search={{ batch: first.batch_id }}>
              {strings.work.go(first.labels > 0)}
            </LinkButton>
          )}
        </Group>
      </Group>
      <Returned work={first} />
      {others.length > 0 && (
        <Stack gap={6} mt="md">
          {others.slice(0, SHOWN).map((work) => (
            <div key={work.batch_id}>
              <Group justify="space-between" gap="sm" wrap="nowrap">
                <Text size="sm" truncate>
                  <b>{work.name}</b> · {said(work, projectId === undefined)}
                </Text>
                <Group gap={4} wrap="nowrap" flex="none">
                  <ReviewButton work={work} size="compact-sm" variant="subtle" />
                  {work.left > 0 && (
                    <LinkButton size="compact-sm" variant="subtle" to="/projects/$projectId/label" params={{ projectId: work.project_id }} search={{ batch: work.batch_id }}>
                      {strings.work.label}
                    </LinkButton>
                  )}
                </Group>
              </Group>
              <Returned work={work} />
            </div>
          ))}
        </Stack>
      )}
    </Card>
  )
}

interface ReviewButtonProps {
  work: Work
  size: string
  variant: string
}

function ReviewButton({ work, size, variant }: ReviewButtonProps) {
  if (work.to_review === 0) return null
  return (
    <LinkButton size={size} variant={variant} to="/projects/$projectId/review" params={{ projectId: work.project_id }} search={{ batch: work.batch_id }}>
      {strings.work.review}
    </LinkButton>
  )
}

/** What a reviewer sent back to this person, with the reasons. */
function Returned({ work }: { work: Work }) {
  const { returned } = work
  if (returned.length === 0) return null
  const more = returned.length - SHOWN
  return (
    <Alert color="clay" mt="sm" py={8} title={strings.work.returned(returned.length)} data-testid="returned">
      {returned.slice(0, SHOWN).map(({ image_id, name, reason, reviewer_name }) => (
        <Text key={image_id} size="sm" lineClamp={2}>
          {reason}{" "}
          <Text span size="sm" c="dimmed">
            {[name, reviewer_name].filter(Boolean).join(" · ")}
          </Text>
        </Text>
      ))}
      {more > 0 && (
        <Text size="sm" c="dimmed">
          {strings.work.moreReturned(more)}
        </Text>
      )}
    </Alert>
  )
}

function said(work: Work, withProject: boolean): string {
  const { left, to_review, labels, deadline } = work
  return [withProject && work.project_name, left > 0 && strings.work.left(left), to_review > 0 && strings.work.toReview(to_review), labels > 0 && strings.work.given(labels), deadline && strings.work.until(moment(deadline))].filter(Boolean).join(" · ")
}
