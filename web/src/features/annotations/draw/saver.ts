/** Brings one picture's drawing to the server: kept in the browser at once, sent within a second, never over another's work. */

import { areEqual, areSame, drawingOf, type Drawing, type DrawnObject, type Unsaved, type Values } from "../../../canvas"

export type DoneAnswer = "objects" | "does_not_belong" | "not_sure"

export interface Present {
  revision: number
  answer: string
  attributes: Values
  objects: DrawnObject[]
}

export interface Body extends Unsaved {
  answer: DoneAnswer | null
  active_s: number | null
}

export type Reply = { kind: "saved"; present: Present } | { kind: "conflict"; present: Present } | { kind: "signed-out" } | { kind: "offline" } | { kind: "refused"; detail: string }

/** What of the drawing the server lacks; `Board` is one. */
export interface Source {
  readonly drawing: Drawing
  unsaved(): Unsaved
  confirm(drawing: Drawing, work?: Record<string, number>): void
}

export interface Ports {
  send(revision: number, body: Body): Promise<Reply>
  keep(revision: number, change: Unsaved): Promise<void>
  forget(): Promise<void>
  /** Seconds of active work since the last call. */
  active(): number
  onChange(): void
}

export type SaveState = { kind: "saved" | "waiting" | "saving" | "offline" | "signed-out" } | { kind: "conflict"; theirs: Present } | { kind: "refused"; detail: string }

const WAIT_MS = 600
/** However steadily somebody draws, what is drawn is sent after this time. */
const LONGEST_MS = 1200
const AGAIN_MS = 3000

export class Saver {
  state: SaveState = { kind: "saved" }
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<boolean> = Promise.resolve(true)
  private noted: Drawing | null = null
  private since: number | null = null

  constructor(
    private readonly source: Source,
    private readonly ports: Ports,
    private revision: number,
  ) {}

  private become(state: SaveState): void {
    this.state = state
    this.ports.onChange()
  }

  /** Something may have been drawn: keep it here now, and send it soon. Looking around changes nothing. */
  note(): void {
    if (this.state.kind === "conflict" || this.source.drawing === this.noted) return
    const change = this.source.unsaved()
    if (isNothing(change)) return
    this.noted = this.source.drawing
    void this.ports.keep(this.revision, change)
    if (this.state.kind === "saved" || this.state.kind === "refused") this.become({ kind: "waiting" })
    const now = performance.now()
    this.since ??= now
    this.soon(Math.max(0, Math.min(WAIT_MS, this.since + LONGEST_MS - now)))
  }

  private soon(ms: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), ms)
  }

  /** Send what is there; with an answer, the picture is done. True if the server has it. */
  flush(answer: DoneAnswer | null = null): Promise<boolean> {
    clearTimeout(this.timer)
    this.running = this.running.then(() => this.send(answer))
    return this.running
  }

  private async send(answer: DoneAnswer | null): Promise<boolean> {
    const change = this.source.unsaved()
    if (this.state.kind === "conflict") return false
    if (isNothing(change) && answer === null) return true
    const sent = this.source.drawing
    this.since = null
    this.become({ kind: "saving" })
    const reply = await this.ports.send(this.revision, { ...change, answer, active_s: this.ports.active() })
    if (reply.kind === "saved") {
      this.confirm(reply.present.revision, sent, change.work)
      return true
    }
    if (reply.kind === "conflict") return this.meet(reply.present, sent, answer)
    this.become(reply)
    if (reply.kind === "offline") this.soon(AGAIN_MS)
    return false
  }

  /** The server has something else than this was drawn on. If it is the same drawing (its reply was lost), all is well. */
  private async meet(theirs: Present, sent: Drawing, answer: DoneAnswer | null): Promise<boolean> {
    const others = drawingOf(theirs.objects, theirs.attributes)
    if (!areSame(others.objects, sent.objects) || !areEqual(others.attributes, sent.attributes)) {
      this.become({ kind: "conflict", theirs })
      return false
    }
    this.confirm(theirs.revision, sent)
    return answer === null || this.send(answer)
  }

  /** The server has these objects; what was drawn since is kept in place of what was kept before. */
  private confirm(revision: number, drawing: Drawing, work: Record<string, number> = {}): void {
    this.revision = revision
    this.source.confirm(drawing, work)
    this.noted = null
    this.become({ kind: "saved" })
    if (isNothing(this.source.unsaved())) void this.ports.forget()
    else this.note()
  }

  /** After a conflict: go on from what the server has; what differs from it is sent. */
  goOn(theirs: Present): void {
    this.confirm(theirs.revision, drawingOf(theirs.objects, theirs.attributes))
  }

  /** Signed in again, or back online. */
  resume(): void {
    if (this.state.kind === "signed-out" || this.state.kind === "offline") this.soon(0)
  }

  close(): void {
    clearTimeout(this.timer)
    void this.flush()
  }
}

const isNothing = ({ put, delete: gone, reject, reconsider, attributes }: Unsaved): boolean => put.length + gone.length + reject.length + reconsider.length === 0 && attributes === null
