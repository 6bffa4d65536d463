import { Badge, Button, Card, Group, Stack, Table, Text, Title } from "@mantine/core"

import { useProjectJobs, type Job } from "../../api/shared"
import { ago, doneToast, duration, EmptyState, ErrorState, LoadingState, moment, PageHeader } from "../../ui"
import { ActiveJob } from "./ActiveJob"
import { gathered } from "./gathered"
import { useRetryJob } from "./queries"
import { strings } from "./strings"

const COLOURS: Record<string, string> = { failed: "clay", cancelled: "gray" }

export function JobsPage({ projectId }: { projectId: string }) {
  const jobs = useProjectJobs(projectId)
  const active = jobs.data?.items.filter((job) => job.finished_at === null) ?? []
  const ended = jobs.data?.items.filter((job) => job.finished_at !== null) ?? []
  return (
    <Stack gap="lg" maw="64rem">
      <PageHeader title={strings.title} about={strings.about} />
      {jobs.isPending && <LoadingState label={strings.loading} />}
      {jobs.isError && <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.data?.items.length === 0 && <EmptyState title={strings.emptyTitle} text={strings.emptyText} />}
      {active.length > 0 && (
        <Card padding="lg" data-testid="active-jobs">
          <Title order={2} mb="sm">
            {strings.active}
          </Title>
          <Stack gap="lg">
            {active.map((job) => (
              <ActiveJob key={job.id} projectId={projectId} job={job} />
            ))}
          </Stack>
        </Card>
      )}
      {ended.length > 0 && (
        <Card padding={0}>
          <Table verticalSpacing="sm" horizontalSpacing="md" data-testid="ended-jobs">
            <Table.Tbody>
              {gathered(ended).map(({ job, count }) => (
                <EndedJob key={job.id} projectId={projectId} job={job} count={count} />
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </Stack>
  )
}

function EndedJob({ projectId, job, count }: { projectId: string; job: Job; count: number }) {
  const retry = useRetryJob(projectId)
  const seconds = job.started_at && job.finished_at ? (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000 : null
  const canRetry = job.state === "failed" || job.state === "cancelled"
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text fw={600}>{job.title}</Text>
          {count > 1 && (
            <Text size="sm" c="dimmed">
              {strings.times(count)}
            </Text>
          )}
          <Badge variant="light" color={COLOURS[job.state]}>
            {strings.state[job.state] ?? job.state}
          </Badge>
        </Group>
        {job.problem && <Text size="sm">{job.problem.detail}</Text>}
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {[job.done > 0 ? job.done.toLocaleString() : null, seconds === null ? null : strings.took(duration(seconds)), job.attempts > 1 ? strings.attempts(job.attempts) : null].filter(Boolean).join(" · ")}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Text size="sm" c="dimmed" title={moment(job.created_at)}>
          {ago(job.finished_at ?? job.created_at)}
        </Text>
      </Table.Td>
      <Table.Td ta="right" w="8rem">
        {canRetry && (
          <Button variant="default" size="compact-sm" loading={retry.isPending} onClick={() => retry.mutate(job.id, { onSuccess: () => doneToast(strings.retried(job.title)) })}>
            {strings.retry}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
