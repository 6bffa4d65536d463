/** Which revisions say the same: after a step was taken back, a picture is as it was before it, at a newer revision. */

import type { Changed } from "../queries"

type At = Pick<Changed, "image_id" | "revision">

const keyOf = (imageId: string, revision: number) => `${imageId} ${revision}`

export class Past {
  private readonly newer = new Map<string, number>()

  /** The revision that a picture has now, if nobody else has changed it since this step. */
  nowAt = ({ image_id, revision }: At): number => {
    const next = this.newer.get(keyOf(image_id, revision))
    return next === undefined ? revision : this.nowAt({ image_id, revision: next })
  }

  /** A step was taken back; `restored` tells at which revisions. */
  tookBack(changed: readonly At[], restored: readonly At[]): void {
    const revisions = new Map(restored.map(({ image_id, revision }) => [image_id, revision]))
    for (const { image_id, revision } of changed) {
      const now = revisions.get(image_id)
      if (now !== undefined) this.newer.set(keyOf(image_id, revision - 1), now)
    }
  }
}
