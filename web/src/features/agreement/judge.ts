/** What figures of agreement mean in plain words. */

import type { Agreement } from "./queries"
import { strings } from "./strings"

export interface Verdict {
  words: string
  advice: string
  color: "pine" | "brass" | "clay"
}

/** Of a coefficient free of chance where images have a class, of an F1 where objects are drawn; null where there is none. */
export function judge(value: number | null, kind: Agreement["kind"]): Verdict | null {
  if (value === null) return null
  const [good, fair] = kind === "classes" ? [0.6, 0.4] : [0.75, 0.5]
  const words = kind === "classes" ? strings.beyondChance(value) : strings.ofObjects(value)
  if (value >= good) return { words, advice: strings.advice.good, color: "pine" }
  if (value >= fair) return { words, advice: strings.advice.fair, color: "brass" }
  return { words, advice: strings.advice.weak, color: "clay" }
}

/** How strong a field is painted: from nothing at one half of what is said to full where all is the same. */
export function strength(agreed: number): number {
  return Math.round(100 * Math.max(0, Math.min(1, (agreed - 0.3) / 0.7)))
}
