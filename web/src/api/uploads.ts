/** Sending files: raw bytes in pieces, each said where it begins, so that a piece may be sent twice without harm. */

import { toProblem, Unreachable } from "./problem"

export const CHUNK_BYTES = 8 * 1024 * 1024

export async function sendChunk(importId: string, fileId: string, offset: number, chunk: Blob, signal: AbortSignal): Promise<number> {
  let response: Response
  try {
    response = await fetch(`/api/v1/imports/${importId}/files/${fileId}/content?offset=${offset}`, {
      method: "PUT",
      body: chunk,
      headers: { "Content-Type": "application/octet-stream" },
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw new Unreachable()
  }
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw toProblem(body, response)
  return (body as { received_bytes: number }).received_bytes
}

/** Sends a form with large files, and tells how much has gone; a `fetch` would not. */
export function sendForm<T>(path: string, form: FormData, onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open("POST", path)
    request.responseType = "json"
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(new Unreachable())
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T)
      else reject(toProblem(request.response, new Response(null, { status: request.status })))
    }
    request.send(form)
  })
}
