/** What the keys and buttons of the labelling pages do, said once for both. */

import type { ImageCard } from "./queries"
import { keyPressed } from "./session/timing"
import type { Labelling } from "./session/useSession"
import type { Queued } from "./session/queue"
import type { SessionState } from "./session/sessionState"
import { NOTHING, type Answer, type ShownSuggestion, type Step } from "./session/types"
import { strings } from "./strings"

export interface OnScreen {
  item: Queued<ImageCard> | null
  isLookingBack: boolean
}

/** Which picture is on screen: one of the trail, or the first of the queue. */
export function onScreen(state: SessionState<ImageCard>, items: readonly Queued<ImageCard>[]): OnScreen & { missing: string | null } {
  if (state.looking === null) return { item: items[0] ?? null, isLookingBack: false, missing: null }
  const id = state.trail[state.looking]
  const item = id === undefined ? null : (state.seen.get(id) ?? null)
  return { item, isLookingBack: true, missing: item || id === undefined ? null : id }
}

const undone = (step: Step) => strings.said.undone(step.changes.length)
const redone = (step: Step) => strings.said.redone(step.changes.length)

export class Actions {
  constructor(
    private readonly labelling: Labelling,
    private readonly screen: OnScreen,
    private readonly nameOf: (answer: Answer) => string,
  ) {}

  /** The suggestion that is on screen now; pictures kept back for tests show none. */
  get shown(): ShownSuggestion | null {
    const guess = this.screen.item?.guess
    return guess ? { class_id: guess.class_id, score: guess.score, version: guess.version } : null
  }

  say(answer: Answer, at?: number): void {
    const { item } = this.screen
    if (!item) return
    keyPressed(at)
    this.labelling.session.answer(item, answer, { suggestion: this.shown, text: strings.said.answered(this.nameOf(answer)) })
  }

  choose(classId: string, at?: number): void {
    this.say({ answer: "class", class_id: classId }, at)
  }

  /** Returns false when there is nothing to accept. */
  accept(at?: number): boolean {
    const guess = this.screen.item?.guess
    if (guess && !this.screen.isLookingBack) this.choose(guess.class_id, at)
    return (guess ?? null) !== null
  }

  acceptRunnerUp(at?: number): void {
    const id = this.screen.item?.guess?.runner_up_id
    if (id && !this.screen.isLookingBack) this.choose(id, at)
  }

  withdraw(): void {
    this.say(NOTHING)
  }

  skip(at?: number): void {
    const { item, isLookingBack } = this.screen
    if (!item) return
    keyPressed(at)
    if (isLookingBack) this.labelling.session.forward()
    else void this.labelling.queue.skip(item.image.id).catch(() => undefined)
    this.labelling.session.say(strings.said.skipped)
    this.labelling.session.shown()
  }

  undo(): boolean {
    return this.labelling.session.undo(undone) !== null
  }

  redo(): boolean {
    return this.labelling.session.redo(redone) !== null
  }
}
