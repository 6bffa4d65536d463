/** What a reviewer's own version says otherwise than the author's, and the decision that follows from it. Pure. */

import type { Schemas } from "../../../api/client"
import type { Unsaved } from "../../../canvas"

export type Detail = Schemas["ReviewDetail"]
export type Version = Schemas["ReviewedVersion"]
export type Decision = Schemas["ReviewDecision"]
type Answer = Version["answer"]

/** What the reviewer says of the picture as a whole, where it is not what the author said. */
export interface Said {
  answer: Answer
  class_id: string | null
}

export interface Correction {
  said: Said | null
  change: Unsaved | null
}

export const isNothing = (change: Unsaved | null): boolean =>
  change === null || (change.put.length + change.delete.length + change.reject.length + change.reconsider.length === 0 && change.attributes === null)

/** Whether anything differs from the author's version. */
export function differs(author: Version, { said, change }: Correction): boolean {
  const isSaid = said !== null && (said.answer !== author.answer || said.class_id !== author.class_id)
  return isSaid || !isNothing(change)
}

/** How many objects are changed, added and taken away, and whether the values of the picture differ. */
export function counted(author: Version, change: Unsaved | null): [changed: number, added: number, gone: number, values: boolean] {
  const known = new Set(author.objects.map(({ id }) => id))
  const put = change?.put ?? []
  const changed = put.filter(({ id }) => known.has(id)).length
  return [changed, put.length - changed, change?.delete.length ?? 0, (change?.attributes ?? null) !== null]
}

const base = { reason: "", return_to: "author" as const, annotation: null, objects: null }

/** Accepts the label, with what is put right if anything is. */
export function acceptance(task: string, author: Version, correction: Correction, seconds: number): Decision {
  if (!differs(author, correction)) return { ...base, verdict: "accepted", active_s: seconds }
  const { said, change } = correction
  const answer = said?.answer ?? author.answer
  if (task === "classification") return { ...base, verdict: "corrected", active_s: seconds, annotation: { answer, class_id: said ? said.class_id : author.class_id, attributes: change?.attributes ?? null } }
  const { work = {}, put = [], delete: gone = [], reject = [], reconsider = [], attributes = null } = change ?? {}
  const drawn = put.map((object) => ({ ...object, shape: { ...object.shape }, active_s: work[object.id] ?? null }))
  // Whoever draws into a picture that was said to hold nothing of the kind says that it does.
  const said_ = answer === "does_not_belong" || answer === "not_sure" ? (said ? answer : "objects") : "objects"
  return { ...base, verdict: "corrected", active_s: seconds, objects: { put: drawn, delete: gone, reject, reconsider, attributes, answer: said_ } }
}

export function rejection(reason: string, to: "author" | "pool", seconds: number): Decision {
  return { ...base, verdict: "rejected", reason: reason.trim(), return_to: to, active_s: seconds }
}
