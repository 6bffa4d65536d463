/** Jobs of one kind that ended well one after another are one line: twenty refreshed suggestions say no more than one. */

import type { Job } from "../../api/shared"

export interface Line {
  /** The newest of them. */
  job: Job
  count: number
}

type Like = Pick<Job, "title" | "state">

const isAlike = (a: Like, b: Like) => a.title === b.title && a.state === b.state && a.state === "succeeded"

/** Newest first, as they come. */
export function gathered(jobs: readonly Job[]): Line[] {
  const lines: Line[] = []
  for (const job of jobs) {
    const last = lines.at(-1)
    if (last && isAlike(last.job, job)) last.count += 1
    else lines.push({ job, count: 1 })
  }
  return lines
}
