/** One person labelling one project: what is on screen, what was said, and what can be taken back. */

import { push, redo, trail, undo, type History } from "./history"
import { Memory } from "./memory"
import { activeSeconds } from "./pace"
import type { LabelQueue, Queued } from "./queue"
import { knownAfter, sentBack, type Ports, type Said, type SessionCard } from "./sessionState"
import type { Values } from "../../../canvas"
import { isDescribing, isSame, UNKNOWN_REVISION, type Answer, type ShownSuggestion, type Step, type WaitingAnswer } from "./types"

export class LabelSession<Card extends SessionCard> extends Memory<Card> {
  private shownAt: number
  protected readonly now: () => number
  private readonly newId: () => string

  constructor(
    private readonly ports: Ports,
    private readonly queue: LabelQueue<Card> | null,
  ) {
    super()
    this.now = ports.now ?? (() => Date.now())
    let serial = 0
    this.newId = ports.newId ?? (() => `${this.now()}-${(serial += 1)}`)
    this.shownAt = this.now()
  }

  /** Steps of an earlier visit, so that undo reaches behind a crash or a reload. */
  restore(steps: readonly Step[]): void {
    if (this.state.history.past.length > 0) return
    const history = { past: steps, future: [] }
    const known = new Map(this.state.known)
    for (const step of steps) for (const change of step.changes) known.set(change.image_id, knownAfter(known.get(change.image_id), change.after, UNKNOWN_REVISION))
    this.set({ history, known, trail: trail(history) })
  }

  /** A picture came on screen: the clock starts. */
  shown(): void {
    this.shownAt = this.now()
  }

  private elapsed(): number {
    const seconds = activeSeconds(this.shownAt, this.now())
    this.shownAt = this.now()
    return Math.round(seconds * 1000) / 1000
  }

  /** Say what one image shows. */
  answer(item: Queued<Card>, answer: Answer, said: Said): void {
    const id = item.image.id
    const before = this.answerOf(item.image)
    if (isSame(before, answer) && this.state.looking !== null) {
      this.forward()
      return
    }
    const active_s = this.elapsed()
    this.keepOne(item.image, { answer, before, active_s, suggestion: said.suggestion })
    const seen = new Map(this.state.seen).set(id, item)
    this.record([{ image_id: id, before, after: answer }], said.text, active_s, seen)
    this.countSuggestion(answer, said.suggestion)
    this.queue?.advance(id)
    if (this.state.looking !== null) this.forward()
  }

  private place(): { batch_id?: string } {
    return this.ports.batchId ? { batch_id: this.ports.batchId } : {}
  }

  private countSuggestion(answer: Answer, suggestion: ShownSuggestion | null): void {
    if (!suggestion || answer.answer === "none") return
    const isAccepted = answer.class_id === suggestion.class_id
    this.set(isAccepted ? { accepted: this.state.accepted + 1 } : { corrected: this.state.corrected + 1 })
  }

  /** Say what else is known of one image; it stays on screen. */
  describe(item: Queued<Card>, attributes: Values, text: string): void {
    const { image } = item
    const before = { ...this.answerOf(image), attributes: this.valuesOf(image.id) ?? {} }
    const after = { ...before, attributes }
    if (isSame(before, after)) return
    this.keepOne(image, { before, answer: after, active_s: this.elapsed(), suggestion: null })
    this.record([{ image_id: image.id, before, after }], text, 0, new Map(this.state.seen).set(image.id, item))
  }

  private keepOne(image: Card, said: Pick<WaitingAnswer, "before" | "answer" | "active_s" | "suggestion">): void {
    const { projectId, userId } = this.ports
    this.ports.keep({ ...said, kind: "answer", project_id: projectId, user_id: userId, at: this.now(), image_id: image.id, expected: { [image.id]: this.revisionOf(image.id, image) }, ...this.place() })
  }

  /** Give many images one answer in one step; returns how many it changes. */
  answerMany(cards: readonly Card[], answer: Answer, text: string): number {
    const changes = cards
      .map((card) => ({ image_id: card.id, before: this.answerOf(card), after: answer }))
      .filter((change) => !isSame(change.before, answer))
    if (changes.length === 0) return 0
    const byId = new Map(cards.map((card) => [card.id, card]))
    const expected = Object.fromEntries(changes.map(({ image_id: id }) => [id, this.revisionOf(id, byId.get(id))]))
    const active_s = this.elapsed()
    const image_ids = changes.map((change) => change.image_id)
    this.ports.keep({ kind: "bulk", project_id: this.ports.projectId, user_id: this.ports.userId, at: this.now(), image_ids, answer, active_s, expected })
    this.record(changes, text, active_s, this.state.seen)
    for (const id of image_ids) this.queue?.advance(id)
    return changes.length
  }

  private record(changes: Step["changes"], text: string, active_s: number, seen: ReadonlyMap<string, Queued<Card>>): void {
    const at = this.now()
    const step: Step = { id: this.newId(), changes, at }
    const known = new Map(this.state.known)
    for (const change of changes) known.set(change.image_id, this.knownAs(change.image_id, change.after))
    const history = push(this.state.history, step)
    const images = changes.filter((change) => !isDescribing(change)).length
    const beats = images > 0 ? [...this.state.beats.slice(-300), { at, images, active_s }] : this.state.beats
    const trailBefore = this.state.looking === null ? trail(history) : this.state.trail
    this.set({ history, known, seen, beats, trail: trailBefore, said: { text, at } })
    this.ports.keepStep(step)
  }

  undo(text: (step: Step) => string): Step | null {
    const result = undo(this.state.history)
    if (!result) return null
    const undone = this.state.history.past.at(-1)
    const again = this.ports.batchId ? null : sentBack(result.step, this.state.seen)
    this.apply(result.step, result.history, text(result.step), again?.reason)
    if (undone) this.ports.dropStep(undone.id)
    this.showAgain(result.step, again)
    return result.step
  }

  redo(text: (step: Step) => string): Step | null {
    const result = redo(this.state.history)
    if (!result) return null
    this.apply(result.step, result.history, text(result.step))
    this.ports.keepStep(result.step)
    if (this.showDescribed(result.step)) return result.step
    for (const change of result.step.changes) if (change.after.answer !== "none") this.queue?.advance(change.image_id)
    this.set({ looking: null, trail: trail(this.state.history) })
    return result.step
  }

  private apply(step: Step, history: History, text: string, again?: string): void {
    const known = new Map(this.state.known)
    for (const change of step.changes) known.set(change.image_id, this.knownAs(change.image_id, change.after))
    this.keepApplied(step, again)
    this.set({ history, known, said: { text, at: this.now() } })
    this.shownAt = this.now()
  }

  private keepApplied(step: Step, again?: string): void {
    const [only] = step.changes
    const expected = Object.fromEntries(step.changes.map(({ image_id }) => [image_id, this.revisionOf(image_id)]))
    const owner = { project_id: this.ports.projectId, user_id: this.ports.userId, at: this.now(), expected }
    if (only && step.changes.length === 1) {
      this.ports.keep({ ...owner, kind: "answer", image_id: only.image_id, answer: only.after, before: only.before, active_s: null, suggestion: null, ...this.place(), ...(again === undefined ? {} : { again }) })
    } else {
      const items = step.changes.map(({ image_id, after, before }) => ({ image_id, answer: after, before }))
      this.ports.keep({ ...owner, kind: "restore", items })
    }
  }

  /** After undo: the picture comes back on screen, to be answered again. */
  private showAgain(step: Step, again: Queued<Card> | null): void {
    if (this.showDescribed(step)) return
    const [only] = step.changes
    const path = trail(this.state.history)
    for (const change of step.changes) if (change.after.answer === "none") this.queue?.forget(change.image_id)
    const item = only && step.changes.length === 1 && only.after.answer === "none" ? this.state.seen.get(only.image_id) : again
    if (item) {
      this.queue?.bringBack(item)
      this.set({ trail: path, looking: null })
      return
    }
    const at = only ? path.indexOf(only.image_id) : -1
    this.set({ trail: path, looking: step.changes.length === 1 && at >= 0 ? at : null })
  }

  /** Values changed by undo or redo are shown where they are; false if it was more than values. */
  private showDescribed(step: Step): boolean {
    const [only] = step.changes
    if (!only || !isDescribing(only)) return false
    const path = trail(this.state.history)
    const at = path.indexOf(only.image_id)
    const item = this.state.seen.get(only.image_id)
    if (at < 0 && item) this.queue?.bringBack(item)
    this.set({ trail: path, looking: at >= 0 ? at : null })
    return true
  }

  /** Look at the picture answered before this one. */
  back(): void {
    const { looking, trail: path } = this.state
    const path_ = looking === null ? trail(this.state.history) : path
    const at = (looking ?? path_.length) - 1
    if (at >= 0) this.set({ looking: at, trail: path_ })
    this.shownAt = this.now()
  }

  /** Go towards the picture that waits. */
  forward = (): void => {
    const { looking, trail: path } = this.state
    if (looking === null) return
    const isLast = looking >= path.length - 1
    this.set({ looking: isLast ? null : looking + 1, trail: isLast ? trail(this.state.history) : path })
    this.shownAt = this.now()
  }

  /** Remember an image that was fetched to look back at. */
  remember(item: Queued<Card>): void {
    this.set({ seen: new Map(this.state.seen).set(item.image.id, item) })
    const known = this.state.known.get(item.image.id)
    if (known && known.revision <= 0 && item.image.answer) {
      this.set({ known: new Map(this.state.known).set(item.image.id, { ...known, revision: item.image.answer.revision }) })
    }
  }
}
