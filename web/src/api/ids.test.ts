import { expect, test } from "vitest"

import { newId } from "./ids"

test("an id is a random UUID where the browser makes none", () => {
  const source = { getRandomValues: crypto.getRandomValues.bind(crypto) }
  const ids = new Set(Array.from({ length: 100 }, () => newId(source)))
  expect(ids.size).toBe(100)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
