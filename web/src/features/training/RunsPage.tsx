import { Button, Card, Group, Progress, Stack, Text } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { useProject } from "../../api/shared"
import { isWhole } from "../../api/tasks"
import { Barred, EmptyState, ErrorState, LinkAnchor, LinkButton, LoadingState, PageHeader } from "../../ui"
import { duration } from "./duration"
import { NewRunDialog } from "./NewRunDialog"
import { useRuns, type Run } from "./queries"
import { RunState } from "./RunState"
import { strings } from "./strings"

interface Props {
  projectId: string
  /** Opens the dialog for this version. */
  version: string | null
}

/** Every run, newest first. */
export function RunsPage({ projectId, version }: Props) {
  const runs = useRuns(projectId)
  const navigate = useNavigate()
  const [isStarting, setStarting] = useState(version !== null)
  const items = runs.data?.items ?? []
  const project = useProject(projectId).data
  const mayNot = useWhyNot(projectId, "train")
  if (project && !isWhole(project.task)) return <NotForDrawn projectId={projectId} />
  const train = (
    <Barred why={mayNot}>
      <Button onClick={() => setStarting(true)}>{strings.train}</Button>
    </Barred>
  )
  return (
    <Stack>
      <PageHeader title={strings.title} about={strings.about} actions={items.length > 0 ? train : null} />
      {runs.isPending && <LoadingState label={strings.loading} />}
      {runs.isError && <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isSuccess && items.length === 0 && <EmptyState title={strings.emptyTitle} text={strings.emptyText} action={train} />}
      {items.map((run) => (
        <RunCard key={run.id} projectId={projectId} run={run} />
      ))}
      <NewRunDialog
        projectId={projectId}
        version={version}
        isOpen={isStarting && mayNot === null}
        onClose={() => setStarting(false)}
        onStarted={(run) => void navigate({ to: "/projects/$projectId/runs/$runId", params: { projectId, runId: run.id } })}
      />
    </Stack>
  )
}

/** Says plainly what does not work where objects are drawn, and what does. */
function NotForDrawn({ projectId }: { projectId: string }) {
  const toExports = (
    <LinkButton to="/projects/$projectId/versions" params={{ projectId }}>
      {strings.drawnAction}
    </LinkButton>
  )
  return (
    <Stack>
      <PageHeader title={strings.title} about={strings.about} />
      <EmptyState title={strings.drawnTitle} text={strings.drawnText} action={toExports} />
    </Stack>
  )
}

function RunCard({ projectId, run }: { projectId: string; run: Run }) {
  const best = Math.max(...run.curve.map((point) => point.val_accuracy ?? 0), 0)
  return (
    <Card withBorder data-testid="run">
      <Group justify="space-between">
        <Group>
          <LinkAnchor to="/projects/$projectId/runs/$runId" params={{ projectId, runId: run.id }} fw={600}>
            {strings.run(run.number)}
          </LinkAnchor>
          <RunState state={run.state} />
          <Text size="sm" c="dimmed">
            {strings.onVersion(run.version_number)}
            {run.seconds !== null && ` · ${strings.took(duration(run.seconds))}`}
            {best > 0 && ` · ${strings.best(best)}`}
          </Text>
        </Group>
        {run.model_id !== null && run.model_number !== null && (
          <LinkButton size="compact-sm" variant="light" to="/projects/$projectId/models/$modelId" params={{ projectId, modelId: run.model_id }}>
            {strings.model(run.model_number)}
          </LinkButton>
        )}
      </Group>
      {run.state === "running" && <Progress mt="sm" size="sm" animated value={run.job?.total ? (run.job.done / run.job.total) * 100 : 10} />}
    </Card>
  )
}
