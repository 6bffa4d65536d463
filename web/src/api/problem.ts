/** What went wrong, as the server told it (RFC 9457) or as near to it as we can come. */

export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  instance?: string
  errors?: { pointer: string; detail: string }[] | null
  [extra: string]: unknown
}

/** An answer that was not the one asked for. `code` is the last part of the problem's type. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly body: ProblemBody

  constructor(body: ProblemBody) {
    super(sentence(body))
    this.name = "Problem"
    this.status = body.status
    this.code = body.type.split("/").pop() ?? ""
    this.body = body
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  constructor() {
    super("The server did not answer. Check that it is running and that you are connected, then try again.")
    this.name = "Unreachable"
  }
}

function sentence(body: ProblemBody): string {
  const fields = (body.errors ?? []).map((field) => `${field.pointer.split("/").pop() ?? ""}: ${field.detail}`)
  return [body.detail || body.title, ...fields].join(" ")
}

export function toProblem(error: unknown, response: Response): Problem {
  if (typeof error === "object" && error !== null && "detail" in error && "type" in error) {
    return new Problem({ ...(error as ProblemBody), status: response.status })
  }
  const detail =
    response.status >= 500
      ? "Something went wrong on the server. It has been written to the server's log. Try again."
      : `The server answered with status ${response.status}.`
  return new Problem({ type: "/problems/unknown", title: "Unexpected answer", status: response.status, detail })
}

/** One sentence to show for any error. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong."
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code)
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401
}
