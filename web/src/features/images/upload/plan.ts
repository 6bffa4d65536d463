/** What is still to be sent, when some of it may have arrived on an earlier day. */

import type { Picked } from "./collect"

/** A file as the server knows it after it was announced. */
export interface Known {
  id: string
  name: string
  size_bytes: number
  received_bytes: number
  state: string
}

export interface Sending {
  id: string
  file: File
  offset: number
}

export interface Plan {
  rest: Sending[]
  /** Here already. */
  skipped: number
  /** Bytes that need not be sent, of whole files and of begun ones. */
  skippedBytes: number
}

export function plan(picked: readonly Picked[], known: readonly Known[]): Plan {
  const byName = new Map(known.map((file) => [file.name, file]))
  const result: Plan = { rest: [], skipped: 0, skippedBytes: 0 }
  picked.forEach((entry, index) => {
    const file = byName.get(entry.name) ?? known[index]
    if (file?.state === "receiving" && file.size_bytes === entry.file.size) {
      result.rest.push({ id: file.id, file: entry.file, offset: file.received_bytes })
      result.skippedBytes += file.received_bytes
    } else {
      result.skipped += 1
      result.skippedBytes += entry.file.size
    }
  })
  return result
}

export function batches<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))
}
