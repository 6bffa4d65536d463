import { describe, expect, it } from "vitest"

import type { Entry } from "./queries"
import { byDay, differences } from "./words"

describe("what changed", () => {
  it("is told field by field, without what was empty and is", () => {
    expect(differences({ name: "roll", note: "", people: [] }, { name: "bun", note: null, people: [] })).toEqual([{ name: "name", before: "roll", after: "bun" }])
  })

  it("has one side where something is new", () => {
    expect(differences(null, { is_active: true })).toEqual([{ name: "is_active", before: null, after: "yes" }])
  })
})

describe("days", () => {
  it("gather events that follow each other", () => {
    const entries = ["2026-11-02T12:00:00", "2026-11-02T11:00:00", "2026-11-01T11:00:00"].map((at) => ({ at }) as Entry)
    expect(byDay(entries).map(({ entries: found }) => found.length)).toEqual([2, 1])
  })
})
