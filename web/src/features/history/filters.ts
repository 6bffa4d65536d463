/** What the history is narrowed to, as it stands in the address. */

export interface Filters {
  person?: string
  kind?: string
  text?: string
  /** A day as the browser says it: 2026-11-02. */
  since?: string
  until?: string
}

const NAMES = ["person", "kind", "text", "since", "until"] as const

/** Reads the filters from an address; whatever is no text is left out. */
export function readFilters(search: Record<string, unknown>): Filters {
  return Object.fromEntries(NAMES.flatMap((name) => (typeof search[name] === "string" && search[name] !== "" ? [[name, search[name]]] : [])))
}

export const isNarrow = (filters: Filters) => NAMES.some((name) => filters[name])

/** What the server is asked for: days become moments, the last one through to its end. */
export function asked({ person, kind, text, since, until }: Filters) {
  const from = since ? dayStart(since, 0) : null
  const to = until ? dayStart(until, 1) : null
  return { ...(person && { person }), ...(kind && { kind: [kind] }), ...(text && { text }), ...(from && { since: from }), ...(to && { until: to }) }
}

function dayStart(day: string, later: number): string | null {
  const [year, month, date] = day.split("-").map(Number)
  const found = new Date(year ?? NaN, (month ?? NaN) - 1, (date ?? NaN) + later)
  return Number.isNaN(found.getTime()) ? null : found.toISOString()
}

/** The address of the file that holds what is shown, all of it. */
export function exportUrl(projectId: string | null, filters: Filters, format: "csv" | "jsonl"): string {
  const query = new URLSearchParams({ format })
  for (const [name, value] of Object.entries(asked(filters))) for (const one of Array.isArray(value) ? value : [value]) query.append(name, one)
  const home = projectId === null ? "/api/v1/installation" : `/api/v1/projects/${projectId}`
  return `${home}/history/export?${query.toString()}`
}
