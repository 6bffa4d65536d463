import { Alert, Button, Card, Code, Group, Progress, SimpleGrid, Stack, Text } from "@mantine/core"

import { useWhyNot } from "../../api/roles"
import { Barred, CardTitle, ErrorState, LinkButton, LoadingState, PageHeader, Stat } from "../../ui"
import { duration } from "./duration"
import { LearningCurve } from "./LearningCurve"
import { isOver, useCancelRun, useRun, type Run } from "./queries"
import { RunState } from "./RunState"
import { strings } from "./strings"

/** One run: live while it runs, and afterwards what was done and how to repeat it. */
export function RunPage({ projectId, runId }: { projectId: string; runId: string }) {
  const query = useRun(projectId, runId)
  const cancel = useCancelRun(projectId, runId)
  const mayNot = useWhyNot(projectId, "train")
  if (query.isPending) return <LoadingState label={strings.loading} />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const run = query.data
  return (
    <Stack>
      <PageHeader
        title={strings.run(run.number)}
        about={`${strings.onVersion(run.version_number)}${run.seconds === null ? "" : `, ${strings.took(duration(run.seconds))}`}`}
        actions={
          <>
            <RunState state={run.state} />
            {!isOver(run) && (
              <Barred why={mayNot}>
                <Button variant="default" loading={cancel.isPending || run.job?.cancel_requested === true} onClick={() => cancel.mutate()}>
                  {run.job?.cancel_requested ? strings.cancelling : strings.cancel}
                </Button>
              </Barred>
            )}
            {run.model_id !== null && (
              <LinkButton to="/projects/$projectId/models/$modelId" params={{ projectId, modelId: run.model_id }}>
                {strings.seeModel}
              </LinkButton>
            )}
          </>
        }
      />
      {!isOver(run) && <RunProgress run={run} />}
      {run.state === "failed" && (
        <Alert color="red" title={strings.failedTitle}>
          {run.job?.problem?.detail ?? strings.failedText}
        </Alert>
      )}
      {run.state === "cancelled" && <Alert color="gray">{strings.cancelledText}</Alert>}
      {run.state === "succeeded" && <Facts run={run} />}
      {(run.curve.length > 0 || !isOver(run)) && (
        <Card withBorder>
          <CardTitle>{strings.curveTitle}</CardTitle>
          {run.curve.length > 0 ? <LearningCurve points={run.curve} /> : <Text c="dimmed">{strings.waitingForCurve}</Text>}
        </Card>
      )}
      {run.explanation && (
        <Card withBorder>
          <CardTitle>{strings.explanation}</CardTitle>
          <Text>{run.explanation}</Text>
        </Card>
      )}
      {isOver(run) && <RunRecord run={run} />}
    </Stack>
  )
}

function RunProgress({ run }: { run: Run }) {
  const { job } = run
  return (
    <Card withBorder aria-live="polite" data-testid="run-progress">
      <Group justify="space-between" mb={6}>
        <Text>{job?.stage || strings.states[run.state]}</Text>
        <Text size="sm" c="dimmed">
          {job?.total ? `${job.done} / ${job.total}` : ""}
          {job?.eta_s ? ` · ${strings.eta(duration(job.eta_s))}` : ""}
        </Text>
      </Group>
      <Progress animated value={job?.total ? (job.done / job.total) * 100 : 8} aria-label={job?.stage ?? strings.states[run.state]} />
    </Card>
  )
}

function Facts({ run }: { run: Run }) {
  const best = Math.max(...run.curve.map((point) => point.val_accuracy ?? 0), 0)
  const facts = [
    { label: strings.facts.held, value: best > 0 ? `${Math.round(best * 100)} %` : "–" },
    { label: strings.facts.tries, value: run.curve.length },
    { label: strings.facts.seconds, value: run.seconds === null ? "–" : duration(run.seconds) },
    { label: strings.facts.recipe, value: run.recipe },
    { label: strings.facts.seed, value: String(run.config.seed ?? "–") },
  ]
  return (
    <Card>
      <SimpleGrid cols={{ base: 3, md: 5 }}>
        {facts.map(({ label, value }) => (
          <Stat key={label} label={label} value={value} />
        ))}
      </SimpleGrid>
    </Card>
  )
}

function RunRecord({ run }: { run: Run }) {
  return (
    <Card withBorder component="details">
      <Text component="summary" fw={600} style={{ cursor: "pointer" }}>
        {strings.record}
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        {strings.recordText}
      </Text>
      <Code block mt="sm">
        {JSON.stringify({ recipe: run.recipe, config: run.config, environment: run.environment }, null, 2)}
      </Code>
    </Card>
  )
}
