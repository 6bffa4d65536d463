/** The one door to the server: a client typed by the server's own description of its API. */

import createClient from "openapi-fetch"

import type { components, paths } from "./generated/schema"
import { newId } from "./ids"
import { toProblem, Unreachable } from "./problem"

export type Schemas = components["schemas"]

export const api = createClient<paths>({
  credentials: "same-origin",
  querySerializer: { array: { style: "form", explode: true } },
})

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** Returns what was asked for, or throws a `Problem`. */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  const answer = await reach(request)
  if (!answer.response.ok) throw toProblem(answer.error, answer.response)
  return answer.data as T
}

async function reach<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (error instanceof TypeError) throw new Unreachable()
    throw error
  }
}

/** A key that makes a repeated POST harmless. */
export function idempotencyKey(): { "Idempotency-Key": string } {
  return { "Idempotency-Key": newId() }
}
