/** Objects that a model suggests, over those that are drawn: apart from them until somebody takes or rejects them. */

import { boundsOfShape, type Shape } from "../shapes"
import type { Change, DrawnObject, Objects } from "./document"
import { neighbour } from "./finding"
import { Sheet } from "./sheet"

type Ids = ReadonlySet<string>

export interface Suggestion {
  id: string
  class_id: string
  shape: Shape
  /** 0 to 1. */
  score: number
}

const NONE: Objects = new Map()

/** An object that is taken over keeps its suggestion's id: whoever takes the same one at the same time makes no second. */
const objectOf = ({ id, class_id, shape }: Suggestion, z: number): DrawnObject => ({ id, class_id, shape, attributes: {}, z, suggestion_id: id })

export class ProposalSheet extends Sheet {
  private offered: ReadonlyMap<string, Suggestion> = new Map()
  private seen: { key: readonly unknown[]; open: Suggestion[]; shown: Objects } | null = null
  /** Suggestions of a lower score are not shown. */
  leastScore = 0
  showsProposals = true
  selection: Ids = new Set()

  /** What a model suggests for the picture on the sheet. What was decided here stays known, so that it can be taken back. */
  offer(suggestions: readonly Suggestion[]): void {
    const decided = [...this.offered.values()].filter(({ id }) => this.objects.has(id) || this.rejected.has(id))
    this.offered = new Map([...decided, ...suggestions].map((entry) => [entry.id, entry]))
    this.onChange()
  }

  /** Nothing is suggested any more: another picture. */
  protected offerNothing(): void {
    this.offered = new Map()
  }

  private look(): { open: Suggestion[]; shown: Objects } {
    const key = [this.offered, this.objects, this.rejected, this.leastScore, this.showsProposals]
    if (!this.seen?.key.every((part, at) => part === key[at])) {
      const open = [...this.offered.values()].filter(({ id }) => !this.objects.has(id) && !this.rejected.has(id))
      const shown = open.filter(({ score }) => this.showsProposals && score >= this.leastScore)
      this.seen = { key, open, shown: shown.length > 0 ? new Map(shown.map((entry) => [entry.id, objectOf(entry, entry.score)])) : NONE }
    }
    return this.seen ?? { open: [], shown: NONE }
  }

  /** Everything that is suggested and undecided, shown or not. */
  get open(): readonly Suggestion[] {
    return this.look().open
  }

  /** What is suggested and shown, as the objects that they would be; the surest lie above. */
  get proposals(): Objects {
    return this.look().shown
  }

  scoreOf(id: string): number | null {
    return this.offered.get(id)?.score ?? null
  }

  /** An object, drawn or suggested. */
  find(id: string): DrawnObject | undefined {
    return this.objects.get(id) ?? this.proposals.get(id)
  }

  /** What makes objects of suggestions, each changed on the way. */
  protected taking(ids: Iterable<string>, change: (object: DrawnObject) => DrawnObject = (object) => object): Change[] {
    const z = Math.max(0, ...[...this.objects.values()].map((object) => object.z))
    return [...ids].flatMap((id): Change[] => {
      const proposal = this.proposals.get(id)
      return proposal ? [{ id, before: null, after: change({ ...proposal, z }) }] : []
    })
  }

  /** What is rejected once these suggestions are, and those that these objects came from. */
  protected rejecting(ids: Iterable<string>): Ids {
    const wrong = [...ids].flatMap((id) => (this.objects.has(id) ? (this.objects.get(id)?.suggestion_id ?? []) : this.offered.has(id) ? id : []))
    return wrong.length > 0 ? new Set([...this.rejected, ...wrong]) : this.rejected
  }

  select(ids: Iterable<string>): void {
    this.selection = new Set([...ids].filter((id) => this.find(id) !== undefined))
    this.onChange()
  }

  /** Suggestions become objects as they are; then the next one is selected. */
  accept(ids: Iterable<string> = this.selection): number {
    const made = this.taking(ids)
    if (made.length > 0) this.decide(made.map(({ id }) => id), () => this.step(made))
    return made.length
  }

  /** Suggestions are wrong; then the next one is selected. */
  reject(ids: Iterable<string>): void {
    const gone = [...ids]
    this.decide(gone, () => this.step([], { rejected: this.rejecting(gone) }))
  }

  private decide(ids: readonly string[], act: () => void): void {
    const next = ids.length === 1 ? neighbour(this.proposals, new Set(ids), 1) : null
    act()
    this.select(next !== null && this.proposals.has(next) ? [next] : [])
  }

  /** Suggestions are shown from this score on, or not at all. */
  showProposals(look: { leastScore?: number; isShown?: boolean }): void {
    this.leastScore = look.leastScore ?? this.leastScore
    this.showsProposals = look.isShown ?? this.showsProposals
    this.select(this.selection)
  }

  /** The size of every selected object, in pixels of the picture. */
  selected(): { width: number; height: number }[] {
    return [...this.selection].flatMap((id) => {
      const object = this.find(id)
      if (!object) return []
      const { x1, y1, x2, y2 } = boundsOfShape(object.shape)
      return [{ width: x2 - x1, height: y2 - y1 }]
    })
  }

  /** The next (1) or previous (-1) suggestion, or object where nothing is suggested, from the top-left on. */
  cycle(by: 1 | -1): void {
    const next = neighbour(this.proposals.size > 0 ? this.proposals : this.objects, this.selection, by)
    if (next !== null) this.select([next])
  }
}
