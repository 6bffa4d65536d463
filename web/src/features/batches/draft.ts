/** The rules of a batch as a form holds them, and as the API takes them. */

import type { Batch } from "../../api/batches"
import type { BatchChange } from "./queries"

export const ORDERS = ["random", "upload", "priority", "uncertainty", "diversity", "disagreement"] as const

/** What becomes of pictures on which people differ. */
export const CONSENSUS = ["unanimous", "weighted"] as const

export interface Draft {
  overlap: number
  order: (typeof ORDERS)[number]
  /** The last day, as a date field has it; empty for none. */
  day: string
  people: string[]
  note: string
  /** In percent; null where the server chooses. */
  random: number | null
  /** In percent: of all pictures, of those in which people or a model differ, and by class or person. */
  review: number
  gold: number
  consensus: (typeof CONSENSUS)[number]
  differing: number
  byClass: Record<string, number>
  byPerson: Record<string, number>
}

export const FRESH: Draft = { overlap: 1, order: "random", day: "", people: [], note: "", random: null, review: 0, gold: 0, consensus: "unanimous", differing: 0, byClass: {}, byPerson: {} }

export function draftOf(batch: Batch): Draft {
  return {
    overlap: batch.overlap,
    order: batch.order,
    day: batch.deadline ? dayOf(new Date(batch.deadline)) : "",
    people: batch.people.filter((person) => person.is_named).map((person) => person.user_id),
    note: batch.note,
    random: Math.round(100 * batch.random_share),
    review: Math.round(100 * batch.review_share),
    gold: Math.round(100 * batch.gold_share),
    consensus: batch.consensus,
    differing: Math.round(100 * batch.review_differing),
    byClass: scaled(batch.review_by_class, (share) => Math.round(100 * share)),
    byPerson: scaled(batch.review_by_person, (share) => Math.round(100 * share)),
  }
}

function scaled(shares: Record<string, number>, scale: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([id, share]) => [id, scale(share)]))
}

/** The day of a moment where the person is, as a date field has it. */
export function dayOf(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0")
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** The end of a day where the person is. */
export function deadlineOf(day: string): string | null {
  return day ? new Date(`${day}T23:59:59`).toISOString() : null
}

export function rulesOf(draft: Draft) {
  return {
    overlap: draft.overlap,
    order: draft.order,
    deadline: deadlineOf(draft.day),
    people: draft.people,
    note: draft.note,
    review_share: draft.review / 100,
    gold_share: draft.gold / 100,
    consensus: draft.consensus,
    review_differing: draft.differing / 100,
    review_by_class: scaled(draft.byClass, (percent) => percent / 100),
    review_by_person: scaled(draft.byPerson, (percent) => percent / 100),
    ...(draft.random === null ? {} : { random_share: draft.random / 100 }),
  }
}

/** What differs between a batch and its form: only that is sent. */
export function changesOf(batch: Batch, name: string, draft: Draft): BatchChange {
  const [before, after] = [{ name: batch.name, ...rulesOf(draftOf(batch)) }, { name: name.trim(), ...rulesOf(draft) }]
  const changed = Object.entries(after).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof typeof before]))
  return Object.fromEntries(changed)
}
