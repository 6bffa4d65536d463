/** What a labelling session holds, and what it asks of the world. */

import type { History } from "./history"
import type { Beat } from "./pace"
import type { Queued } from "./queue"
import type { Values } from "../../../canvas"
import { isSame, NOTHING, type Answer, type ShownSuggestion, type Step, type WaitingItem } from "./types"

/** What every image that a session touches must tell about itself. */
export interface SessionCard {
  id: string
  answer: { answer: string; class_id: string | null; revision: number } | null
}

export interface Known {
  answer: Answer
  revision: number
  /** Of the picture as a whole; undefined until they are asked for. */
  attributes?: Values | undefined
}

/** What is known after somebody said `said`, who may not have spoken of values. */
export function knownAfter(before: Known | undefined, { answer, class_id, attributes }: Answer, revision?: number): Known {
  return { answer: { answer, class_id }, revision: revision ?? before?.revision ?? 0, attributes: attributes ?? before?.attributes }
}

export interface SessionState<Card> {
  history: History
  /** Images that were answered here, in that order: what the left arrow goes back through. */
  trail: string[]
  /** Where in the trail we look; null is the newest picture of the queue. */
  looking: number | null
  known: ReadonlyMap<string, Known>
  seen: ReadonlyMap<string, Queued<Card>>
  beats: Beat[]
  accepted: number
  corrected: number
  /** A sentence about what just happened, for the screen and for screen readers. */
  said: { text: string; at: number } | null
}

export interface Ports {
  projectId: string
  userId: string
  /** The batch that is labelled; null for the open queue. */
  batchId?: string | null
  keep: (item: WaitingItem) => void
  keepStep: (step: Step) => void
  dropStep: (stepId: string) => void
  now?: () => number
  newId?: () => string
}

export interface Said {
  suggestion: ShownSuggestion | null
  text: string
}

/** The picture of an undone step, if it had an answer before and was in the queue to be looked at again. */
export function sentBack<Card extends SessionCard>(undone: Step, seen: ReadonlyMap<string, Queued<Card>>): Queued<Card> | null {
  const [only] = undone.changes
  const item = only && undone.changes.length === 1 ? seen.get(only.image_id) : undefined
  if (!only || !item || item.lease_token === "" || only.after.answer === "none") return null
  return isSame(toAnswer(item.image), only.after) ? item : null
}

export function toAnswer(card: SessionCard): Answer {
  if (!card.answer) return NOTHING
  const { answer, class_id } = card.answer
  return answer === "class" || answer === "does_not_belong" || answer === "not_sure" ? { answer, class_id } : NOTHING
}
