import type { Job } from "../../api/shared"
import { doneToast, ProgressLine } from "../../ui"
import { useCancelJob } from "./queries"
import { strings } from "./strings"

/** A job under way, with its rate and the way to stop it. */
export function ActiveJob({ projectId, job }: { projectId: string; job: Job }) {
  const cancel = useCancelJob(projectId)
  const isWaiting = job.state === "queued"
  return (
    <ProgressLine
      title={job.title}
      stage={job.cancel_requested ? strings.stopping : isWaiting ? strings.waiting : job.stage}
      done={job.done}
      total={job.total}
      rate={job.rate}
      etaS={job.eta_s}
      failed={job.failed}
      isWaiting={isWaiting}
      isCancelling={cancel.isPending || job.cancel_requested}
      onCancel={() => cancel.mutate(job.id, { onSuccess: () => doneToast(strings.cancelled(job.title)) })}
    />
  )
}
