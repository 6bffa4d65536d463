import { describe, expect, it } from "vitest"

import { renamedChoice } from "./choices"

describe("choices", () => {
  it("are renamed where somebody writes so, in their place", () => {
    expect(renamedChoice(["raw", "burnt"], ["raw", "burnt", "burnt = black"])).toEqual({ choices: ["raw", "black"], renamed_choices: { burnt: "black" } })
  })
  it("stay what they are otherwise", () => {
    expect(renamedChoice(["a"], ["a", "b"])).toBeNull()
    expect(renamedChoice(["a"], ["a", "b = c"])).toBeNull()
    expect(renamedChoice(["a", "b"], ["a", "b", "a = b"])).toBeNull()
    expect(renamedChoice(["a = b", "a"], ["a = b"])).toBeNull()
  })
})
