/** Events as people read them. */

import type { Entry } from "./queries"
import { strings } from "./strings"

export interface Difference {
  name: string
  before: string | null
  after: string | null
}

/** Field by field what was and what is; null on a side on which nothing is said. */
export function differences(before: Entry["before"], after: Entry["after"]): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const side = (said: Entry["before"], name: string) => (said === null ? null : shown(said[name]))
  const rows = names.map((name) => ({ name, before: side(before, name), after: side(after, name) })).map((row) => (row.name === "answer" ? inWords(row) : row))
  const isEmpty = (value: string | null) => value === null || value === strings.nothing
  const hasClass = !isEmpty(rows.find(({ name }) => name === "class")?.after ?? null)
  return rows.filter((row) => !(isEmpty(row.before) && isEmpty(row.after)) && !(hasClass && row.name === "answer"))
}

const inWords = ({ name, before, after }: Difference): Difference => ({ name, before: before && (strings.answers[before] ?? before), after: after && (strings.answers[after] ?? after) })

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return strings.nothing
  if (Array.isArray(value)) return value.length === 0 ? strings.nothing : value.map(shown).join(", ")
  if (typeof value === "object") {
    const rows = Object.entries(value).map(([name, inner]) => `${name.replaceAll("_", " ")}: ${shown(inner)}`)
    return rows.length === 0 ? strings.nothing : rows.join("; ")
  }
  if (typeof value === "boolean") return value ? "yes" : "no"
  return typeof value === "number" ? value.toLocaleString() : String(value as string)
}

export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const clock = (time: string) => new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })

/** Events gathered by the day that they fall on here, in their order. */
export function byDay(entries: readonly Entry[]): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = []
  for (const entry of entries) {
    const day = new Date(entry.at).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" })
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
