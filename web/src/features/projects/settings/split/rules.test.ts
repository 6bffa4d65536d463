import { describe, expect, it } from "vitest"

import type { Attribute } from "../../../../api/shared"
import { EMPTY, toBody } from "./rules"

const ATTRIBUTES = [
  { id: "n", name: "size", kind: "number" },
  { id: "f", name: "burnt", kind: "flag" },
] as unknown as Attribute[]
const rest = { rest: "keep", restTo: "" } as const

describe("the rules of a split", () => {
  it("are sent once each says where and what", () => {
    expect(toBody({ rules: [EMPTY], ...rest }, [])).toBeNull()
    expect(toBody({ rules: [{ to: " rye ", by: "picture", value: "rye/" }], ...rest }, [])).toEqual({ rules: [{ to: "rye", picture: "rye/" }], rest: "keep" })
  })

  it("send values as what they are", () => {
    const rules = [
      { to: "a", by: "attribute:n", value: "2.5" },
      { to: "b", by: "attribute:f", value: "false" },
    ] as const
    expect(toBody({ rules, ...rest }, ATTRIBUTES)?.rules.map(({ attribute }) => attribute?.value)).toEqual([2.5, false])
    expect(toBody({ rules: [{ to: "a", by: "attribute:n", value: "big" }], ...rest }, ATTRIBUTES)).toBeNull()
  })

  it("need a place for the rest that moves", () => {
    const rules = [{ to: "rye", by: "author", value: "u" }] as const
    expect(toBody({ rules, rest: "move", restTo: " " }, [])).toBeNull()
    expect(toBody({ rules, rest: "move", restTo: "wheat" }, [])).toMatchObject({ rest: "move", rest_to: "wheat" })
  })
})
