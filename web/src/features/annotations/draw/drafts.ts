/** Drawings that are not known to be on the server yet, in the browser's own database: one for each window and picture. */

import type { DrawnObject, Unsaved, Values } from "../../../canvas"
import { Tabs } from "./tabs"

export interface Draft {
  user_id: string
  project_id: string
  image_id: string
  /** The batch that it is labelled in, if any. */
  batch_id?: string | null
  /** Window that it was drawn in. */
  tab_id: string
  /** Revision that the change is made to. */
  revision: number
  put: DrawnObject[]
  delete: string[]
  /** Of the picture as a whole; null, or absent in drafts of an earlier program, where they did not change. */
  attributes?: Values | null
  /** Suggestions that were rejected, and those that are open again. */
  reject?: string[]
  reconsider?: string[]
  /** Seconds of active work on the objects. */
  work?: Record<string, number>
}

/** What a draft changes, with what earlier programs did not keep. */
export const changeOf = ({ put, delete: gone, attributes = null, reject = [], reconsider = [], work = {} }: Draft): Unsaved => ({ put, delete: gone, attributes, reject, reconsider, work })

export interface DraftStore {
  readonly tabId: string
  /** What a window that is closed now left of a picture; from here on it is this window's. */
  claim(userId: string, imageId: string): Promise<Draft | null>
  /** What windows that are closed now left behind. */
  leftBehind(userId: string, projectId: string): Promise<Draft[]>
  put(draft: Draft): Promise<void>
  drop(draft: Pick<Draft, "user_id" | "image_id" | "tab_id">): Promise<void>
  readonly isDurable: boolean
}

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error("The browser's database could not be used."))
  })
}

class BrowserDrafts implements DraftStore {
  readonly isDurable = true
  private readonly tabs = new Tabs()
  constructor(private readonly database: IDBDatabase) {}

  get tabId(): string {
    return this.tabs.id
  }

  private get drawings(): IDBObjectStore {
    return this.database.transaction("drawings").objectStore("drawings")
  }

  /** Writes at once: a transaction that waits to be committed by itself is thrown away with its page. */
  private write(change: (drawings: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const transaction = this.database.transaction("drawings", "readwrite", { durability: "strict" })
    const request = change(transaction.objectStore("drawings"))
    transaction.commit()
    return finished(request)
  }

  private async ofClosedTabs(isWanted: (draft: Draft) => boolean): Promise<Draft[]> {
    const found = (await finished<Draft[]>(this.drawings.getAll())).filter(isWanted)
    if (found.every(({ tab_id }) => tab_id === this.tabId)) return found
    const others = await this.tabs.others()
    return found.filter(({ tab_id }) => !others.has(tab_id))
  }

  async claim(userId: string, imageId: string): Promise<Draft | null> {
    const [found] = await this.ofClosedTabs((draft) => draft.user_id === userId && draft.image_id === imageId)
    if (!found || found.tab_id === this.tabId) return found ?? null
    const own = { ...found, tab_id: this.tabId }
    await this.put(own)
    await this.drop(found)
    return own
  }

  leftBehind(userId: string, projectId: string): Promise<Draft[]> {
    return this.ofClosedTabs((draft) => draft.user_id === userId && draft.project_id === projectId)
  }

  async put(draft: Draft): Promise<void> {
    await this.write((drawings) => drawings.put(draft))
  }

  async drop({ user_id, image_id, tab_id }: Pick<Draft, "user_id" | "image_id" | "tab_id">): Promise<void> {
    await this.write((drawings) => drawings.delete([user_id, image_id, tab_id]))
  }
}

/** The same in memory, where the browser keeps nothing (private windows); the screen says so. */
export class MemoryDrafts implements DraftStore {
  readonly isDurable = false
  readonly tabId = "here"
  private readonly kept = new Map<string, Draft>()

  claim(userId: string, imageId: string): Promise<Draft | null> {
    return Promise.resolve(this.kept.get(userId + imageId) ?? null)
  }

  leftBehind(): Promise<Draft[]> {
    return Promise.resolve([])
  }

  put(draft: Draft): Promise<void> {
    this.kept.set(draft.user_id + draft.image_id, draft)
    return Promise.resolve()
  }

  drop({ user_id, image_id }: Pick<Draft, "user_id" | "image_id">): Promise<void> {
    this.kept.delete(user_id + image_id)
    return Promise.resolve()
  }
}

const VERSION = 2

export async function openDrafts(): Promise<DraftStore> {
  try {
    const request = indexedDB.open("modelyard-drawing", VERSION)
    request.onupgradeneeded = () => request.result.createObjectStore("drawings", { keyPath: ["user_id", "image_id", "tab_id"] })
    return new BrowserDrafts(await finished(request))
  } catch {
    return new MemoryDrafts()
  }
}
