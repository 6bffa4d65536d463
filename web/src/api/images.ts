/** Addresses of pictures: small, for a screen (at most 1600 pixels), whole, in tiles, as values, and the file as it came. */

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

/** What lies at one of these addresses; throws where the server refuses it. */
export async function fetchPicture(address: string, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(address, { signal: signal ?? null })
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`)
  return answer
}
