import { Anchor, Card, Group, Stack, Title } from "@mantine/core"
import { Link } from "@tanstack/react-router"

import { useProjectJobs } from "../../api/shared"
import { ActiveJob } from "./ActiveJob"
import { strings } from "./strings"

/** What is under way in a project; nothing when nothing is. */
export function ActiveJobs({ projectId }: { projectId: string }) {
  const jobs = useProjectJobs(projectId)
  const active = jobs.data?.items.filter((job) => job.finished_at === null) ?? []
  if (active.length === 0) return null
  return (
    <Card padding="lg">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{strings.active}</Title>
        <Anchor component={Link} to={`/projects/${projectId}/jobs`}>
          {strings.all}
        </Anchor>
      </Group>
      <Stack>
        {active.slice(0, 4).map((job) => (
          <ActiveJob key={job.id} projectId={projectId} job={job} />
        ))}
      </Stack>
    </Card>
  )
}
