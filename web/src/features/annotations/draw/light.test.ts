import { expect, test } from "vitest"

import { PLAIN } from "../../../canvas"
import { readLight } from "./light"

test("how pictures are looked at comes back as it was kept", () => {
  const kept = { brightness: 1.5, contrast: 0.8, gamma: 2, byteWindow: [10, 200], valueWindow: [-160, 240] }
  expect(readLight(JSON.stringify(kept))).toEqual(kept)
})

test.each([null, "", "{", "null", "7", '"dark"', '{"brightness": "x", "gamma": 0, "byteWindow": 3, "valueWindow": ["a", 1]}'])("what is no such thing counts for nothing: %s", (text) => {
  expect(readLight(text)).toEqual(PLAIN)
})
