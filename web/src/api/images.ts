/** Addresses of pictures: small, for a screen (at most 1600 pixels), whole, in tiles, as values, and the file as it came. */

import { toProblem } from "./problem"

const url = (imageId: string, what: string) => `/api/v1/images/${imageId}/${what}`

interface Place {
  level: number
  column: number
  row: number
}

export const thumbnailUrl = (imageId: string) => url(imageId, "thumbnail")
export const previewUrl = (imageId: string) => url(imageId, "preview")
export const originalUrl = (imageId: string) => url(imageId, "original")
export const fullUrl = (imageId: string) => url(imageId, "full")
export const tileUrl = (imageId: string, { level, column, row }: Place) => url(imageId, `tiles/${level}/${column}/${row}`)
export const valuesUrl = (imageId: string, { level, column, row }: Place) => url(imageId, `values/${level}/${column}/${row}`)

const MOST_TRIES = 6

/** What lies at one of these addresses. A server that is busy with other large pictures is asked again; any other refusal is thrown. */
export async function fetchPicture(address: string, signal?: AbortSignal): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(address, { signal: signal ?? null })
    if (answer.ok) return answer
    if (answer.status !== 503 || tries === MOST_TRIES) throw toProblem(await answer.json().catch(() => undefined), answer)
    await pause(Number(answer.headers.get("Retry-After")) || 1, signal)
  }
}

function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000)
    signal?.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(new DOMException("Nobody waits for it any more.", "AbortError"))
    })
  })
}
