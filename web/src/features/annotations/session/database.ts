/** The part of the browser's own database that keeps unsent work and the steps that can be undone. */

import type { Step, WaitingItem } from "./types"

const NAME = "modelyard-labelling"
const KEEP_STEPS_MS = 12 * 3600_000

export interface StoredStep {
  key?: number
  project_id: string
  user_id: string
  step: Step
}

/** Everything the outbox asks of a store; `MemoryStore` serves where the browser has no database (private windows). */
export interface Store {
  waiting(userId: string): Promise<WaitingItem[]>
  put(item: WaitingItem): Promise<WaitingItem>
  /** Remove `key` and correct what later items expect, in one step. */
  settle(key: number, corrected: WaitingItem[]): Promise<void>
  steps(projectId: string, userId: string): Promise<Step[]>
  replaceSteps(projectId: string, userId: string, steps: readonly Step[]): Promise<void>
  addStep(projectId: string, userId: string, step: Step): Promise<void>
  dropStep(projectId: string, userId: string, stepId: string): Promise<void>
}

/** Commits at once: a transaction that waits to be committed by itself is thrown away with its page. */
function done(transaction: IDBTransaction): Promise<void> {
  transaction.commit()
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error("The browser's database refused to write."))
    transaction.onerror = () => reject(transaction.error ?? new Error("The browser's database refused to write."))
  })
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error("The browser's database could not be read."))
  })
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore("waiting", { keyPath: "key", autoIncrement: true })
    const steps = request.result.createObjectStore("steps", { keyPath: "key", autoIncrement: true })
    steps.createIndex("owner", ["project_id", "user_id"])
  }
  return result(request)
}

/** Writes with strict durability: what is acknowledged is on the disk, not in a cache that a crash empties. */
class BrowserStore implements Store {
  constructor(private readonly database: IDBDatabase) {}

  private write(store: "waiting" | "steps"): IDBTransaction {
    return this.database.transaction(store, "readwrite", { durability: "strict" })
  }

  async waiting(userId: string): Promise<WaitingItem[]> {
    const items = await result<WaitingItem[]>(this.database.transaction("waiting").objectStore("waiting").getAll())
    return items.filter((item) => item.user_id === userId)
  }

  async put(item: WaitingItem): Promise<WaitingItem> {
    const transaction = this.write("waiting")
    const request = transaction.objectStore("waiting").put(item)
    await done(transaction)
    return { ...item, key: Number(request.result) }
  }

  async settle(key: number, corrected: WaitingItem[]): Promise<void> {
    const transaction = this.write("waiting")
    const store = transaction.objectStore("waiting")
    store.delete(key)
    for (const item of corrected) store.put(item)
    await done(transaction)
  }

  private async owned(projectId: string, userId: string): Promise<StoredStep[]> {
    const index = this.database.transaction("steps").objectStore("steps").index("owner")
    return result<StoredStep[]>(index.getAll([projectId, userId]))
  }

  async steps(projectId: string, userId: string): Promise<Step[]> {
    const since = Date.now() - KEEP_STEPS_MS
    const rows = await this.owned(projectId, userId)
    return rows.map((row) => row.step).filter((step) => step.at >= since)
  }

  async replaceSteps(projectId: string, userId: string, steps: readonly Step[]): Promise<void> {
    const old = await this.owned(projectId, userId)
    const transaction = this.write("steps")
    const store = transaction.objectStore("steps")
    for (const row of old) if (row.key !== undefined) store.delete(row.key)
    for (const step of steps) store.add({ project_id: projectId, user_id: userId, step })
    await done(transaction)
  }

  async addStep(projectId: string, userId: string, step: Step): Promise<void> {
    const transaction = this.write("steps")
    transaction.objectStore("steps").add({ project_id: projectId, user_id: userId, step })
    await done(transaction)
  }

  async dropStep(projectId: string, userId: string, stepId: string): Promise<void> {
    const row = (await this.owned(projectId, userId)).findLast((entry) => entry.step.id === stepId)
    if (row?.key === undefined) return
    const transaction = this.write("steps")
    transaction.objectStore("steps").delete(row.key)
    await done(transaction)
  }
}

/** The same in memory: it loses everything with the page, and the screen says so. */
export class MemoryStore implements Store {
  private items: WaitingItem[] = []
  private stored: StoredStep[] = []
  private next = 1

  waiting(userId: string): Promise<WaitingItem[]> {
    return Promise.resolve(this.items.filter((item) => item.user_id === userId))
  }

  put(item: WaitingItem): Promise<WaitingItem> {
    const kept = { ...item, key: item.key ?? this.next++ }
    this.items = [...this.items.filter((other) => other.key !== kept.key), kept].sort((a, b) => (a.key ?? 0) - (b.key ?? 0))
    return Promise.resolve(kept)
  }

  settle(key: number, corrected: WaitingItem[]): Promise<void> {
    const byKey = new Map(corrected.map((item) => [item.key, item]))
    this.items = this.items.filter((item) => item.key !== key).map((item) => byKey.get(item.key) ?? item)
    return Promise.resolve()
  }

  steps(projectId: string, userId: string): Promise<Step[]> {
    const mine = this.stored.filter((row) => row.project_id === projectId && row.user_id === userId)
    return Promise.resolve(mine.map((row) => row.step))
  }

  replaceSteps(projectId: string, userId: string, steps: readonly Step[]): Promise<void> {
    this.stored = this.stored.filter((row) => row.project_id !== projectId || row.user_id !== userId)
    this.stored.push(...steps.map((step) => ({ project_id: projectId, user_id: userId, step })))
    return Promise.resolve()
  }

  addStep(projectId: string, userId: string, step: Step): Promise<void> {
    this.stored.push({ project_id: projectId, user_id: userId, step })
    return Promise.resolve()
  }

  dropStep(_projectId: string, _userId: string, stepId: string): Promise<void> {
    const at = this.stored.findLastIndex((row) => row.step.id === stepId)
    if (at >= 0) this.stored.splice(at, 1)
    return Promise.resolve()
  }
}

export async function openStore(): Promise<{ store: Store; isDurable: boolean }> {
  try {
    return { store: new BrowserStore(await openDatabase()), isDurable: true }
  } catch {
    return { store: new MemoryStore(), isDurable: false }
  }
}
