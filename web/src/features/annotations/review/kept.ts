/** A reviewer's own version that is not decided yet, kept in the browser until it is: a closed page loses nothing. */

import type { Unsaved } from "../../../canvas"
import type { Said } from "./correction"

export interface Kept {
  said: Said | null
  change: Unsaved | null
}

const PREFIX = "modelyard.review."
const place = (reviewId: string, revision: number) => `${PREFIX}${reviewId}.${revision}`

export function recall(reviewId: string, revision: number, from: Pick<Storage, "getItem"> = localStorage): Kept | null {
  try {
    const found: unknown = JSON.parse(from.getItem(place(reviewId, revision)) ?? "null")
    return typeof found === "object" && found !== null && "said" in found && "change" in found ? (found as Kept) : null
  } catch {
    return null
  }
}

/** Keeps a version, or (null) lets go of it; a browser that keeps nothing is no reason to stop. */
export function keep(reviewId: string, revision: number, kept: Kept | null, into: Pick<Storage, "setItem" | "removeItem"> = localStorage): void {
  try {
    if (kept === null) into.removeItem(place(reviewId, revision))
    else into.setItem(place(reviewId, revision), JSON.stringify(kept))
  } catch {
    // It is on the page still.
  }
}
