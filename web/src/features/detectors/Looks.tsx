import { Anchor, Card, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { useProjectJobs, type Job } from "../../api/shared"
import { FewLines, JobLine } from "../../ui"
import { useCancel } from "./queries"
import { strings } from "./strings"

const KIND = "assist.suggest_objects"

interface Report {
  looked_at: number
  suggested: number
  kept_for_test: number
  failed: number
  faults: { image_id: string; name: string; reason: string }[]
}

/** Looks that are under way, or what the last one brought. */
export function Looks({ projectId }: { projectId: string }) {
  const jobs = useProjectJobs(projectId).data?.items.filter(({ kind }) => kind === KIND) ?? []
  const cancel = useCancel(projectId)
  const active = jobs.filter(({ finished_at }) => finished_at === null)
  const last = jobs.find(({ state }) => state === "succeeded" || state === "failed")
  if (active.length === 0) return last ? <Last job={last} /> : null
  return (
    <Card withBorder data-testid="looking">
      <Stack>
        {active.map((job) => (
          <JobLine key={job.id} job={job} title={job.title} isStopping={cancel.isPending} onCancel={() => cancel.mutate(job.id)} />
        ))}
      </Stack>
    </Card>
  )
}

function Last({ job }: { job: Job }) {
  const [isOpen, setOpen] = useState(false)
  const report = job.result as unknown as Report | null
  if (job.problem) return <Text size="sm">{strings.lookFailed(job.problem.detail)}</Text>
  if (!report) return null
  return (
    <div data-testid="last-look">
      <Text size="sm" c="dimmed">
        {strings.lastLook(report.looked_at, report.suggested)} {report.kept_for_test > 0 && strings.keptForTest(report.kept_for_test)}{" "}
        {report.failed > 0 && (
          <Anchor component="button" type="button" size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {strings.failed(report.failed)}
          </Anchor>
        )}
      </Text>
      {isOpen && <FewLines lines={report.faults.map(({ name, reason }) => `${name}: ${reason}`)} />}
    </div>
  )
}
