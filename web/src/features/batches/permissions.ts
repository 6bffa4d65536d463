import type { Batch } from "../../api/batches"
import { useProject, useSession } from "../../api/shared"

/** Whether whoever looks makes and changes batches here. */
export function useMayLead(projectId: string): boolean {
  return useProject(projectId).data?.may.includes("manage_batches") ?? false
}

/** Whether there is something to label in a batch, and it is meant for whoever looks. */
export function useMayLabel(batch: Batch): boolean {
  const me = useSession().data?.user?.id
  const may = useProject(batch.project_id).data?.may.includes("label") ?? false
  const isMine = batch.is_for_all || batch.people.some((person) => person.is_named && person.user_id === me)
  return may && isMine && batch.state === "open" && batch.given < batch.wanted
}

/** Whether there is something in a batch that whoever looks may review, unless it is all their own. */
export function useMayReview(batch: Batch): boolean {
  const may = useProject(batch.project_id).data?.may.includes("review") ?? false
  return may && batch.to_review > 0 && batch.state !== "paused"
}
