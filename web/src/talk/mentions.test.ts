import { expect, test } from "vitest"

import { mentionsIn, offered, pieces, typedName } from "./mentions"

const ANA = { user_id: "1", name: "Ana" }
const LONG = { user_id: "2", name: "Ana Maria" }
const BEN = { user_id: "3", name: "Ben" }
const ALL = [ANA, LONG, BEN]

test("the longest name is meant, and a name ends where the word ends", () => {
  expect(mentionsIn("@Ana Maria, look", ALL)).toEqual(["2"])
  expect(mentionsIn("@Ana, @Ben!", ALL)).toEqual(["1", "3"])
  expect(mentionsIn("@Anatol and Ben and a@Bend", ALL)).toEqual([])
})

test("a text is cut so that nothing of it is lost", () => {
  const text = "Hi @Ana <b>@Ben</b>@"
  expect(pieces(text, ALL).map((piece) => piece.text).join("")).toBe(text)
  expect(pieces(text, ALL).filter((piece) => piece.isMention).map((piece) => piece.text)).toEqual(["@Ana", "@Ben"])
})

test("a name is being typed after an @ that begins a word", () => {
  expect(typedName("Hi @An", 6)).toEqual({ start: 3, part: "An" })
  expect(typedName("mail a@b", 8)).toBeNull()
  expect(typedName("@An\nx", 5)).toBeNull()
  expect(offered(ALL, "mar").map(({ name }) => name)).toEqual(["Ana Maria"])
})
