/** Sends picked files to the server, three at a time. It lives outside React, so that leaving the page does not stop it. */

import { api, unwrap, type Schemas } from "../../../api/client"
import { describe, Problem, Unreachable } from "../../../api/problem"
import { CHUNK_BYTES, sendChunk } from "../../../api/uploads"
import type { Picked } from "./collect"
import { Pace } from "./pace"
import { batches, plan, type Known, type Sending } from "./plan"

const PARALLEL = 3
const ANNOUNCE = 1000
const LONGEST_WAIT_MS = 15_000

export type Options = Schemas["ImportOptions"]

export interface UploadState {
  phase: "idle" | "preparing" | "sending" | "waiting" | "finishing" | "done" | "stopped" | "failed"
  importId: string | null
  files: number
  sent: number
  skipped: number
  failed: { name: string; reason: string }[]
  bytes: number
  bytesSent: number
  rate: number
  etaS: number | null
  problem: string | null
}

const IDLE: UploadState = { phase: "idle", importId: null, files: 0, sent: 0, skipped: 0, failed: [], bytes: 0, bytesSent: 0, rate: 0, etaS: null, problem: null }

export class Uploader {
  state: UploadState = IDLE
  private listeners = new Set<() => void>()
  private stopper = new AbortController()
  private files = new Pace()
  private bytes = new Pace()

  constructor(private readonly projectId: string) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  read = () => this.state

  get isBusy(): boolean {
    return ["preparing", "sending", "waiting", "finishing"].includes(this.state.phase)
  }

  /** Sends these files; with `resume`, into an import that was begun before. Answers with the import, or null when stopped. */
  async start(picked: readonly Picked[], options: Options, resume: string | null): Promise<string | null> {
    this.stopper = new AbortController()
    this.files = new Pace()
    this.bytes = new Pace()
    this.set({ ...IDLE, phase: "preparing", files: picked.length, bytes: picked.reduce((sum, entry) => sum + entry.file.size, 0) })
    try {
      const importId = await this.sendAll(picked, options, resume)
      this.set({ phase: "finishing" })
      await this.patiently(() => unwrap(api.POST("/api/v1/imports/{import_id}/finish", { params: { path: { import_id: importId } } })))
      this.set({ phase: "done" })
      return importId
    } catch (error) {
      if (this.stopper.signal.aborted) this.set({ phase: "stopped" })
      else this.set({ phase: "failed", problem: describe(error) })
      return null
    }
  }

  stop(): void {
    this.stopper.abort()
  }

  forget(): void {
    if (!this.isBusy) this.set(IDLE)
  }

  private async sendAll(picked: readonly Picked[], options: Options, resume: string | null): Promise<string> {
    const importId = resume ?? (await this.create(picked.length, options))
    this.set({ importId, phase: "sending" })
    for (const batch of batches(picked, ANNOUNCE)) {
      const files = await this.patiently(() => announce(importId, batch))
      const { rest, skipped, skippedBytes } = plan(batch, files)
      this.set({ skipped: this.state.skipped + skipped, sent: this.state.sent + skipped, bytesSent: this.state.bytesSent + skippedBytes })
      await this.drain(importId, rest)
    }
    return importId
  }

  private async create(count: number, options: Options): Promise<string> {
    const source = `${count.toLocaleString("en")} ${count === 1 ? "file" : "files"} from the browser`
    const body = { source, options, files: [] }
    const made = await this.patiently(() => unwrap(api.POST("/api/v1/projects/{project_id}/imports", { params: { path: { project_id: this.projectId } }, body })))
    return made.id
  }

  private async drain(importId: string, queue: Sending[]): Promise<void> {
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await this.sendFile(importId, next)
    }
    await Promise.all(Array.from({ length: PARALLEL }, work))
  }

  private async sendFile(importId: string, { id, file, offset }: Sending): Promise<void> {
    let at = offset
    try {
      do {
        const chunk = file.slice(at, at + CHUNK_BYTES)
        const received = await this.patiently(() => sendChunk(importId, id, at, chunk, this.stopper.signal))
        this.moved(Math.max(0, received - at))
        at = received
      } while (at < file.size)
    } catch (error) {
      if (this.stopper.signal.aborted) throw error
      if (error instanceof Problem && error.status === 401) throw error
      this.set({ failed: [...this.state.failed, { name: file.name, reason: describe(error) }] })
    }
    this.files.add(1)
    this.set({ sent: this.state.sent + 1 })
  }

  private moved(bytes: number): void {
    this.bytes.add(bytes)
    const bytesSent = this.state.bytesSent + bytes
    const speed = this.bytes.rate()
    this.set({ phase: "sending", bytesSent, rate: this.files.rate(), etaS: speed > 0 ? (this.state.bytes - bytesSent) / speed : null })
  }

  /** Tries again, ever more slowly, while the server can't be reached or has trouble. */
  private async patiently<T>(act: () => Promise<T>): Promise<T> {
    for (let wait = 500; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
      this.stopper.signal.throwIfAborted()
      try {
        return await act()
      } catch (error) {
        const isPassing = error instanceof Unreachable || (error instanceof Problem && (error.status >= 500 || error.status === 429))
        if (!isPassing || this.stopper.signal.aborted) throw error
        this.set({ phase: "waiting", problem: describe(error) })
        await new Promise((resolve) => window.setTimeout(resolve, wait))
      }
    }
  }

  private set(change: Partial<UploadState>): void {
    this.state = { ...this.state, ...change }
    this.listeners.forEach((listener) => listener())
  }
}

/** Says which files will come; the answer tells of each how much is here already. */
async function announce(importId: string, batch: readonly Picked[]): Promise<readonly Known[]> {
  const body = { files: batch.map(({ name, file }) => ({ name, size_bytes: file.size })) }
  return unwrap(api.POST("/api/v1/imports/{import_id}/files", { params: { path: { import_id: importId } }, body }))
}

const uploaders = new Map<string, Uploader>()

/** The one uploader of a project in this tab. */
export function uploaderOf(projectId: string): Uploader {
  const found = uploaders.get(projectId) ?? new Uploader(projectId)
  uploaders.set(projectId, found)
  return found
}
