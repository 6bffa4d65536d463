import { Anchor, Button, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core"
import { IconArrowRight } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"

import { thumbnailUrl } from "../../../api/images"
import { useProject, useStatus, type ProjectStatus } from "../../../api/shared"
import { ErrorState, LoadingState, PageHeader, percent, Stat } from "../../../ui"
import { strings } from "../strings"
import { YourWork } from "../YourWork"
import styles from "./home.module.css"
import { Loop } from "./Loop"

/** Where the project stands, the one thing to do next, and what is under way. */
export function ProjectHome({ projectId, jobs }: { projectId: string; jobs: ReactNode }) {
  const project = useProject(projectId)
  const status = useStatus(projectId)
  if (status.isPending || project.isPending) return <LoadingState label={strings.homeLoading} />
  if (status.isError) return <ErrorState error={status.error} onRetry={() => void status.refetch()} />
  if (project.isError) return <ErrorState error={project.error} onRetry={() => void project.refetch()} />
  return (
    <Stack gap="lg" maw="76rem">
      <PageHeader title={project.data.name} about={project.data.description || undefined} />
      <NextStep projectId={projectId} status={status.data} />
      <YourWork projectId={projectId} />
      {jobs}
      <Card padding="lg">
        <Title order={2} mb="md">
          {strings.loopTitle}
        </Title>
        <Loop projectId={projectId} status={status.data} />
      </Card>
      {status.data.images > 0 && <Figures projectId={projectId} status={status.data} />}
      {status.data.thumbnails.length > 0 && <Latest projectId={projectId} ids={status.data.thumbnails} />}
    </Stack>
  )
}

function NextStep({ projectId, status }: { projectId: string; status: ProjectStatus }) {
  const step = status.next_step
  return (
    <Card className={styles.next} padding="lg" data-testid="next-step">
      <Group justify="space-between" gap="lg">
        <div>
          <Text size="sm" c="dimmed">
            {strings.next}
          </Text>
          <Title order={2}>{step.title}</Title>
          <Text mt={2}>{step.detail}</Text>
        </div>
        <Button size="md" component={Link} to={`/projects/${projectId}/${step.to}`} rightSection={<IconArrowRight size={18} aria-hidden />}>
          {strings.actions[step.code] ?? step.title}
        </Button>
      </Group>
    </Card>
  )
}

function Figures({ projectId, status }: { projectId: string; status: ProjectStatus }) {
  const best = status.best_model
  const share = status.images > 0 ? status.labelled / status.images : 0
  const [low = 0, high = 1] = best?.accuracy_interval ?? []
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Card>
        <Stat label={strings.stat.images} value={status.images.toLocaleString()} hint={strings.classes(status.classes)} />
      </Card>
      <Card>
        <Stat label={strings.stat.labelled} value={status.labelled.toLocaleString()} hint={strings.ofPictures(share)} />
        <Progress value={share * 100} size="sm" mt={6} aria-label={strings.ofPictures(share)} />
      </Card>
      <Card>
        <Stat
          label={strings.stat.waiting}
          value={status.unlabelled.toLocaleString()}
          hint={status.unlabelled === 0 ? strings.allAnswered : status.suggested > 0 ? strings.suggestionsHelp : strings.suggestionsLater}
        />
      </Card>
      <Card>
        <Stat
          label={strings.stat.accuracy}
          value={best ? percent(best.accuracy) : "–"}
          hint={
            best ? (
              <>
                <Anchor component={Link} to={`/projects/${projectId}/models/${best.id}`} size="xs">
                  {strings.model(best.number)}
                </Anchor>
                , {strings.interval(low, high)}
              </>
            ) : (
              strings.noModelYet
            )
          }
        />
      </Card>
    </SimpleGrid>
  )
}

function Latest({ projectId, ids }: { projectId: string; ids: readonly string[] }) {
  return (
    <Card padding="lg">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{strings.latest}</Title>
        <Anchor component={Link} to={`/projects/${projectId}/images`}>
          {strings.allPictures}
        </Anchor>
      </Group>
      <div className={styles.strip}>
        {ids.map((id) => (
          <Link key={id} to="/projects/$projectId/images" params={{ projectId }} search={{ image: id }} aria-label={strings.latest}>
            <img src={thumbnailUrl(id)} alt="" loading="lazy" />
          </Link>
        ))}
      </div>
    </Card>
  )
}
