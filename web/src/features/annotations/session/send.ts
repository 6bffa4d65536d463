/** Sends what waits in the outbox, and reads the reply; knows the API, and nothing of screens. */

import { api } from "../../../api/client"
import type { Values } from "../../../canvas"
import type { Sent } from "./outbox"
import { answerFor, imagesOf, isSame, UNKNOWN_REVISION, type Present, type WaitingAnswer, type WaitingItem } from "./types"

/** What sending again would not change: other people's labels are in. */
const FINAL = new Set(["/problems/enough-labels", "/problems/picture-decided"])

interface Reply {
  data?: unknown
  error?: unknown
  response: Response
}

export async function send(item: WaitingItem): Promise<Sent> {
  try {
    const ready = await withRevisions(item)
    if ("outcome" in ready) return ready
    switch (ready.kind) {
      case "answer":
        return await sendAnswer(ready)
      case "bulk": {
        const { image_ids, answer, active_s, expected } = ready
        const body = { image_ids, ...answer, active_s, revisions: expected }
        return readMany(ready, await api.POST("/api/v1/projects/{project_id}/annotations/bulk", { params: { path: { project_id: ready.project_id } }, body }))
      }
      case "restore": {
        const items = ready.items.map(({ image_id, answer }) => ({ image_id, ...answer, revision: ready.expected[image_id] ?? 0 }))
        const reply = await api.POST("/api/v1/projects/{project_id}/annotations/restore", { params: { path: { project_id: ready.project_id } }, body: { items } })
        return readMany(ready, reply)
      }
    }
  } catch {
    return { outcome: "later" }
  }
}

async function sendAnswer(item: WaitingAnswer): Promise<Sent> {
  const reply = await api.PUT("/api/v1/images/{image_id}/annotation", {
    params: { path: { image_id: item.image_id }, query: placeOf(item), header: { "if-match": String(item.expected[item.image_id] ?? 0) } },
    body: { ...item.answer, active_s: item.active_s, suggestion: item.suggestion },
  })
  if (!reply.data) return failed(reply)
  if (item.again !== undefined) {
    const params = { path: { project_id: item.project_id } }
    await api.POST("/api/v1/projects/{project_id}/queue/add", { params, body: { image_ids: [item.image_id], reason: item.again } })
  }
  return { outcome: "saved", saved: [{ image_id: item.image_id, revision: reply.data.revision, answer: item.answer }] }
}

const placeOf = (item: WaitingItem) => (item.kind === "answer" && item.batch_id ? { batch_id: item.batch_id } : {})

function readMany(item: WaitingItem, reply: Reply & { data?: { changed: { image_id: string; revision: number }[] } }): Sent {
  if (!reply.data) return failed(reply)
  const saved = reply.data.changed.map(({ image_id, revision }) => ({ image_id, revision, answer: answerFor(item, image_id) }))
  return { outcome: "saved", saved }
}

function failed({ error, response }: Reply): Sent {
  const { status } = response
  const problem = (error ?? {}) as { type?: string; detail?: string; current?: Present | Present[] }
  if (status === 401) return { outcome: "signed-out" }
  if (status === 409 && FINAL.has(problem.type ?? "")) return { outcome: "trouble", trouble: { kind: "refused", detail: problem.detail ?? "" } }
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) return { outcome: "later" }
  const detail = problem.detail ?? `The server answered ${status}.`
  if (status !== 412) return { outcome: "trouble", trouble: { kind: "refused", detail } }
  const current = [problem.current ?? []].flat().map(({ image_id, revision, answer, class_id, attributes }) => ({ image_id, revision, answer, class_id, ...(attributes ? { attributes } : {}) }))
  return { outcome: "trouble", trouble: { kind: "conflict", current, detail } }
}

/** Asks for revisions that are not known (undo after a reload); refuses where the answer is not what was seen. */
async function withRevisions(item: WaitingItem): Promise<WaitingItem | Sent> {
  const unknown = imagesOf(item).filter((id) => item.expected[id] === UNKNOWN_REVISION)
  if (unknown.length === 0) return item
  const expected = { ...item.expected }
  const moved: Present[] = []
  for (const id of unknown) {
    const reply = await api.GET("/api/v1/images/{image_id}/annotation", { params: { path: { image_id: id }, query: placeOf(item) } })
    if (!reply.data) return failed(reply)
    const { answer, class_id, revision } = reply.data
    const attributes = reply.data.attributes as Values
    const believed = item.kind === "answer" ? item.before : item.kind === "restore" ? item.items.find((entry) => entry.image_id === id)?.before : null
    if (believed && !isSame(believed, { answer, class_id, attributes })) moved.push({ image_id: id, answer, class_id, attributes, revision })
    expected[id] = revision
  }
  if (moved.length > 0) return { outcome: "trouble", trouble: { kind: "conflict", current: moved, detail: "It was answered again since." } }
  return { ...item, expected }
}
