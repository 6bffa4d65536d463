/** What a labelling session has seen and knows: the answers of images, their values and revisions. */

import type { Values } from "../../../canvas"
import { EMPTY_HISTORY } from "./history"
import { knownAfter, toAnswer, type Known, type SessionCard, type SessionState } from "./sessionState"
import type { Answer } from "./types"

export abstract class Memory<Card extends SessionCard> {
  protected state: SessionState<Card> = {
    history: EMPTY_HISTORY,
    trail: [],
    looking: null,
    known: new Map(),
    seen: new Map(),
    beats: [],
    accepted: 0,
    corrected: 0,
    said: null,
  }
  private readonly listeners = new Set<() => void>()

  protected abstract readonly now: () => number

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  snapshot = (): SessionState<Card> => this.state

  protected set(change: Partial<SessionState<Card>>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }

  protected knownAs(imageId: string, answer: Answer, revision?: number): Known {
    return knownAfter(this.state.known.get(imageId), answer, revision)
  }

  /** The server has it at this revision. */
  saved(entries: readonly { image_id: string; revision: number }[]): void {
    const known = new Map(this.state.known)
    for (const { image_id, revision } of entries) {
      const before = known.get(image_id)
      if (before) known.set(image_id, { ...before, revision })
    }
    this.set({ known })
  }

  /** What an image is known to be, from here or from its card. */
  answerOf(card: Card): Answer {
    return this.state.known.get(card.id)?.answer ?? toAnswer(card)
  }

  protected revisionOf(imageId: string, card?: Card): number {
    return this.state.known.get(imageId)?.revision ?? card?.answer?.revision ?? 0
  }

  /** Tell the person something that is not an answer. */
  say(text: string): void {
    this.set({ said: { text, at: this.now() } })
  }

  /** What is known of an image as a whole; undefined until it was asked for. */
  valuesOf(imageId: string): Values | undefined {
    return this.state.known.get(imageId)?.attributes
  }

  /** The server told what it has of an image; what was said here since holds. */
  learn(imageId: string, answer: Answer, revision: number): void {
    const before = this.state.known.get(imageId)
    const known = before ? { ...before, attributes: before.attributes ?? answer.attributes } : knownAfter(undefined, answer, revision)
    this.set({ known: new Map(this.state.known).set(imageId, known) })
  }

  /** The person let the server's answer stand. */
  overruled(imageId: string, answer: Answer, revision: number): void {
    this.set({ known: new Map(this.state.known).set(imageId, this.knownAs(imageId, answer, revision)) })
  }
}
