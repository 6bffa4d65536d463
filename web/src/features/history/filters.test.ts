import { describe, expect, it } from "vitest"

import { asked, exportUrl, readFilters } from "./filters"

describe("filters of the history", () => {
  it("are read from an address without what is no text", () => {
    expect(readFilters({ person: "p", kind: "", text: 5, since: "2026-11-02", other: "x" })).toEqual({ person: "p", since: "2026-11-02" })
  })

  it("ask from the beginning of the first day to the end of the last", () => {
    const { since, until } = asked({ since: "2026-11-02", until: "2026-11-02" })
    expect(new Date(until ?? 0).getTime() - new Date(since ?? 0).getTime()).toBe(86_400_000)
    expect(asked({ since: "what?" })).toEqual({})
  })

  it("go into the address of the file", () => {
    expect(exportUrl("p", { kind: "class", text: "a&b" }, "csv")).toBe("/api/v1/projects/p/history/export?format=csv&kind=class&text=a%26b")
    expect(exportUrl(null, {}, "jsonl")).toBe("/api/v1/installation/history/export?format=jsonl")
  })
})
