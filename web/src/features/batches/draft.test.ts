import { describe, expect, it } from "vitest"

import type { Batch } from "../../api/batches"
import { changesOf, dayOf, deadlineOf, draftOf, FRESH, rulesOf } from "./draft"

const batch = {
  name: "First",
  overlap: 2,
  order: "random",
  deadline: deadlineOf("2026-12-24"),
  people: [
    { user_id: "ana", is_named: true },
    { user_id: "bo", is_named: false },
  ],
  note: "",
  random_share: 0.15,
  review_share: 0,
  gold_share: 0,
  consensus: "unanimous",
  review_differing: 0.25,
  review_by_class: { bun: 1 },
  review_by_person: {},
} as unknown as Batch

describe("the rules of a batch in a form", () => {
  it("keep the day of a deadline, which ends with that day", () => {
    expect(draftOf(batch).day).toBe("2026-12-24")
    expect(dayOf(new Date(deadlineOf("2026-02-03") ?? ""))).toBe("2026-02-03")
    expect(deadlineOf("")).toBeNull()
  })

  it("send only what differs", () => {
    expect(changesOf(batch, "First", draftOf(batch))).toEqual({})
    expect(changesOf(batch, " Second ", { ...draftOf(batch), day: "", people: [] })).toEqual({ name: "Second", deadline: null, people: [] })
  })

  it("hold shares of reviews in percent", () => {
    const draft = draftOf(batch)
    expect([draft.differing, draft.byClass]).toEqual([25, { bun: 100 }])
    expect(changesOf(batch, "First", { ...draft, byPerson: { bo: 50 } })).toEqual({ review_by_person: { bo: 0.5 } })
  })

  it("leave the share by chance to the server where nobody chose it", () => {
    expect("random_share" in rulesOf(FRESH)).toBe(false)
    expect(rulesOf({ ...FRESH, random: 20 }).random_share).toBe(0.2)
  })
})
