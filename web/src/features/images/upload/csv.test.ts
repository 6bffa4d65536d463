import { expect, test } from "vitest"

import { toCsv } from "./csv"

test("commas, quotes and lines are kept inside their cell", () => {
  expect(toCsv([["a,b", 'say "hi"', "two\nlines"]])).toBe('"a,b","say ""hi""","two\nlines"\r\n')
})

test("a name that looks like a formula stays a name", () => {
  expect(toCsv([["=1+1", "-x", "fine"]])).toBe("'=1+1,'-x,fine\r\n")
})
