import type { Job } from "../../api/shared"
import { doneToast, JobLine } from "../../ui"
import { useCancelJob } from "./queries"
import { strings } from "./strings"

/** A job under way, with its rate and the way to stop it. */
export function ActiveJob({ projectId, job }: { projectId: string; job: Job }) {
  const cancel = useCancelJob(projectId)
  return (
    <JobLine
      job={job}
      title={job.title}
      stage={job.cancel_requested ? strings.stopping : job.state === "queued" ? strings.waiting : job.stage}
      isStopping={cancel.isPending}
      onCancel={() => cancel.mutate(job.id, { onSuccess: () => doneToast(strings.cancelled(job.title)) })}
    />
  )
}
