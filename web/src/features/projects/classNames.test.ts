import { expect, test } from "vitest"

import { splitNames } from "./classNames"

test("names come between commas, semicolons, tabs and lines", () => {
  expect(splitNames("croissant, bagel;roll\nloaf\tbun")).toEqual(["croissant", "bagel", "roll", "loaf", "bun"])
})

test("blanks and doubles fall out, whatever their case", () => {
  expect(splitNames(" Bagel ,, bagel\n\n  rye   bread ")).toEqual(["Bagel", "rye bread"])
})
