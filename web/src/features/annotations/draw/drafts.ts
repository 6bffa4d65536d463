/** Drawings that are not known to be on the server yet, in the browser's own database. */

import type { DrawnObject } from "../../../canvas"

export interface Draft {
  user_id: string
  project_id: string
  image_id: string
  /** Revision that the change is made to. */
  revision: number
  put: DrawnObject[]
  delete: string[]
}

export interface DraftStore {
  get(userId: string, imageId: string): Promise<Draft | null>
  all(userId: string, projectId: string): Promise<Draft[]>
  put(draft: Draft): Promise<void>
  drop(userId: string, imageId: string): Promise<void>
  isDurable: boolean
}

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error("The browser's database could not be used."))
  })
}

class BrowserDrafts implements DraftStore {
  readonly isDurable = true
  constructor(private readonly database: IDBDatabase) {}

  private open(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction("drafts", mode, { durability: "strict" }).objectStore("drafts")
  }

  async get(userId: string, imageId: string): Promise<Draft | null> {
    return (await finished<Draft | undefined>(this.open("readonly").get([userId, imageId]))) ?? null
  }

  async all(userId: string, projectId: string): Promise<Draft[]> {
    const found = await finished<Draft[]>(this.open("readonly").getAll())
    return found.filter((draft) => draft.user_id === userId && draft.project_id === projectId)
  }

  async put(draft: Draft): Promise<void> {
    await finished(this.open("readwrite").put(draft))
  }

  async drop(userId: string, imageId: string): Promise<void> {
    await finished(this.open("readwrite").delete([userId, imageId]))
  }
}

/** The same in memory, where the browser keeps nothing (private windows); the screen says so. */
export class MemoryDrafts implements DraftStore {
  readonly isDurable = false
  private readonly kept = new Map<string, Draft>()

  get(userId: string, imageId: string): Promise<Draft | null> {
    return Promise.resolve(this.kept.get(userId + imageId) ?? null)
  }

  all(userId: string, projectId: string): Promise<Draft[]> {
    return Promise.resolve([...this.kept.values()].filter((draft) => draft.user_id === userId && draft.project_id === projectId))
  }

  put(draft: Draft): Promise<void> {
    this.kept.set(draft.user_id + draft.image_id, draft)
    return Promise.resolve()
  }

  drop(userId: string, imageId: string): Promise<void> {
    this.kept.delete(userId + imageId)
    return Promise.resolve()
  }
}

export async function openDrafts(): Promise<DraftStore> {
  try {
    const request = indexedDB.open("modelyard-drawing", 1)
    request.onupgradeneeded = () => request.result.createObjectStore("drafts", { keyPath: ["user_id", "image_id"] })
    return new BrowserDrafts(await finished(request))
  } catch {
    return new MemoryDrafts()
  }
}
