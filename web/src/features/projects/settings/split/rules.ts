/** The rules of a split as they are typed, and as they are sent. */

import type { Schemas } from "../../../../api/client"
import type { Attribute } from "../../../../api/shared"

export type By = "picture" | "author" | `attribute:${string}`

export interface Rule {
  to: string
  by: By
  /** Part of a name, a person's id, or a value as text. */
  value: string
}

export interface Draft {
  rules: readonly Rule[]
  rest: "keep" | "relabel" | "move"
  restTo: string
}

export const EMPTY: Rule = { to: "", by: "picture", value: "" }

/** What is sent; null as long as something is missing. */
export function toBody({ rules, rest, restTo }: Draft, attributes: readonly Attribute[]): Schemas["ClassSplit"] | null {
  const sent = rules.map((rule) => toRule(rule, attributes))
  if (sent.some((rule) => rule === null) || (rest === "move" && !restTo.trim())) return null
  return { rules: sent.filter((rule) => rule !== null), rest, ...(rest === "move" && { rest_to: restTo.trim() }) }
}

function toRule({ to, by, value }: Rule, attributes: readonly Attribute[]): Schemas["SplitRule"] | null {
  const name = to.trim()
  if (!name || !value.trim()) return null
  if (by === "picture") return { to: name, picture: value.trim() }
  if (by === "author") return { to: name, author_id: value }
  const attribute = attributes.find(({ id }) => by === `attribute:${id}`)
  if (!attribute) return null
  if (attribute.kind === "number" && Number.isNaN(Number(value))) return null
  const meant = attribute.kind === "flag" ? value === "true" : attribute.kind === "number" ? Number(value) : value
  return { to: name, attribute: { name: attribute.name, value: meant } }
}
