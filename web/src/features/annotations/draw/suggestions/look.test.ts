import { describe, expect, it } from "vitest"

import { readLook } from "./look"

describe("how suggestions are looked at", () => {
  it("is what was kept, and plain where nothing good was", () => {
    expect(readLook('{"leastScore":0.75,"isShown":false}')).toEqual({ leastScore: 0.75, isShown: false })
    for (const text of [null, "", "{", "[]", '{"leastScore":7}', '{"leastScore":"a"}']) expect(readLook(text)).toEqual({ leastScore: 0.4, isShown: true })
  })
})
