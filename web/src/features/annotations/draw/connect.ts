/** What the drawing page asks of the API. */

import { api, unwrap, type Schemas } from "../../../api/client"
import { areEqual, isSame, type DrawnObject, type Values } from "../../../canvas"
import { changeOf, type Draft } from "./drafts"
import type { Body, Present, Reply } from "./saver"

const path = (image_id: string, batchId: string | null = null) => ({ path: { image_id }, query: batchId ? { batch_id: batchId } : {} })

export function toPresent({ revision, answer, attributes, objects }: Pick<Schemas["ImageObjects"], "revision" | "answer" | "attributes" | "objects">): Present {
  const drawn = objects.map(({ id, class_id, shape, attributes, z, suggestion_id }) => ({ id, class_id, shape, attributes, z, ...(suggestion_id ? { suggestion_id } : {}) }))
  return { revision, answer, attributes: attributes as Values, objects: drawn as unknown as DrawnObject[] }
}

export async function fetchObjects(imageId: string, batchId: string | null = null): Promise<Present> {
  return toPresent(await unwrap(api.GET("/api/v1/images/{image_id}/objects", { params: path(imageId, batchId) })))
}

export const fetchImage = (image_id: string) => unwrap(api.GET("/api/v1/images/{image_id}", { params: { path: { image_id } } }))

/** Changes what is drawn into a picture: in a batch that wants several labels, this person's own drawing. */
export async function sendChange(imageId: string, revision: number, body: Body, batchId: string | null = null): Promise<Reply> {
  try {
    const { work, ...rest } = body
    const put = body.put.map((object) => ({ ...object, shape: { ...object.shape }, active_s: work[object.id] ?? null }))
    const { data, error, response } = await api.PATCH("/api/v1/images/{image_id}/objects", {
      params: { ...path(imageId, batchId), header: { "if-match": String(revision) } },
      body: { ...rest, put },
      keepalive: mayOutlivePage(put),
    })
    if (data) return { kind: "saved", present: toPresent(data) }
    if (response.status === 401) return { kind: "signed-out" }
    const problem = (error ?? {}) as { detail?: string; current?: Schemas["ImageObjects"] }
    if (response.status === 412 && problem.current) return { kind: "conflict", present: toPresent(problem.current) }
    if (response.status === 429 || response.status >= 500) return { kind: "offline" }
    return { kind: "refused", detail: problem.detail ?? `The server answered ${response.status}.` }
  } catch {
    return { kind: "offline" }
  }
}

/** Browsers let 64 kB finish after their page is gone; a larger change waits in the browser's store for the next visit. */
const mayOutlivePage = (put: unknown): boolean => document.visibilityState === "hidden" && JSON.stringify(put).length < 60_000

/** Whether all of a draft arrived, though nobody saw the reply. */
function isThere(draft: Draft, { objects, attributes }: Present): boolean {
  if (draft.attributes && !areEqual(draft.attributes, attributes)) return false
  const found = new Map(objects.map((object) => [object.id, object]))
  return draft.put.every((object) => isSame(object, found.get(object.id))) && draft.delete.every((id) => !found.has(id))
}

/** Sends what an earlier visit left behind; whatever meets another's work waits until its picture is opened. */
export async function sendLeftovers(drafts: Draft[], drop: (draft: Draft) => Promise<void>): Promise<void> {
  for (const draft of drafts) {
    const reply = await sendChange(draft.image_id, draft.revision, { ...changeOf(draft), answer: null, active_s: null }, draft.batch_id ?? null)
    if (reply.kind === "saved" || (reply.kind === "conflict" && isThere(draft, reply.present))) await drop(draft)
  }
}
