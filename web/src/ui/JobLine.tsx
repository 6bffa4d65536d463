import type { ReactNode } from "react"

import { ProgressLine } from "./ProgressLine"

/** What of a job on the server its line needs. */
interface Working {
  stage: string
  done: number
  total: number | null
  rate: number | null
  eta_s: number | null
  failed: number
  state: string
  cancel_requested: boolean
}

interface Props {
  job: Working
  title: ReactNode
  /** In place of the job's own word for where it is. */
  stage?: string
  /** The wish to stop it is on its way. */
  isStopping?: boolean
  onCancel: () => void
}

/** A job under way, and the way to stop it. */
export function JobLine({ job, title, stage = job.stage, isStopping = false, onCancel }: Props) {
  return (
    <ProgressLine
      title={title}
      stage={stage}
      done={job.done}
      total={job.total}
      rate={job.rate}
      etaS={job.eta_s}
      failed={job.failed}
      isWaiting={job.state === "queued"}
      isCancelling={isStopping || job.cancel_requested}
      onCancel={onCancel}
    />
  )
}
