/** What a labelling session is made of: answers, steps and what waits to be sent. No React, no network. */

import { areEqual, type Values } from "../../../canvas"

export type AnswerKind = "class" | "objects" | "does_not_belong" | "not_sure" | "none"

/** What a person says about one image; "none" says nothing (yet, or any more). */
export interface Answer {
  answer: AnswerKind
  class_id: string | null
  /** Of the picture as a whole, all of them; absent where they stay as they are. */
  attributes?: Values
}

export interface ShownSuggestion {
  class_id: string
  score: number
  version: string
}

/** One image inside a step: what was said before and what is said now. */
export interface Change {
  image_id: string
  before: Answer
  after: Answer
}

/** One action of a person, however many images it touches; undo takes back all of it. */
export interface Step {
  id: string
  changes: Change[]
  at: number
}

interface Waiting {
  /** Set by the store; the order of sending. */
  key?: number
  project_id: string
  user_id: string
  at: number
  /** Revision at which each image was seen; corrected when an earlier answer of ours is saved. */
  expected: Record<string, number>
  /** Set when the server refused it: it waits for the person, not for the network. */
  trouble?: Trouble
}

export interface WaitingAnswer extends Waiting {
  kind: "answer"
  image_id: string
  /** The batch that it is labelled in. */
  batch_id?: string
  answer: Answer
  /** What was there before, for the case that the revision is not known (undo after a reload). */
  before: Answer
  active_s: number | null
  suggestion: ShownSuggestion | null
  /** Taking back what was said about a picture sent here to be looked at again: it waits again, for this reason. */
  again?: string
}

export interface WaitingBulk extends Waiting {
  kind: "bulk"
  image_ids: string[]
  answer: Answer
  active_s: number | null
}

export interface WaitingRestore extends Waiting {
  kind: "restore"
  items: { image_id: string; answer: Answer; before: Answer }[]
}

/** A piece of work that is on this computer and not yet known to be on the server. */
export type WaitingItem = WaitingAnswer | WaitingBulk | WaitingRestore

/** What the server holds for an image. */
export type Present = Answer & { image_id: string; revision: number }

export type Trouble =
  | { kind: "conflict"; current: Present[]; detail: string }
  | { kind: "refused"; detail: string }

/** Stands for a revision that has to be asked for before sending. */
export const UNKNOWN_REVISION = -1

export const NOTHING: Answer = { answer: "none", class_id: null }

/** Whether both say the same; of values only where both speak of them. */
export function isSame(a: Answer, b: Answer): boolean {
  return a.answer === b.answer && a.class_id === b.class_id && (!a.attributes || !b.attributes || areEqual(a.attributes, b.attributes))
}

/** Whether a change is one of values alone: the picture's answer stays, and so does its place in the queue. */
export function isDescribing({ before, after }: Pick<Change, "before" | "after">): boolean {
  return after.attributes !== undefined && before.answer === after.answer && before.class_id === after.class_id
}

export function imagesOf(item: WaitingItem): string[] {
  switch (item.kind) {
    case "answer":
      return [item.image_id]
    case "bulk":
      return item.image_ids
    case "restore":
      return item.items.map((entry) => entry.image_id)
  }
}

/** What `item` says about one of its images. */
export function answerFor(item: WaitingItem, imageId: string): Answer {
  if (item.kind !== "restore") return item.answer
  return item.items.find((entry) => entry.image_id === imageId)?.answer ?? NOTHING
}
