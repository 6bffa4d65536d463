import { expect, test } from "vitest"

import { rolesUpTo, whyNot, withArticle } from "./roles"

test("a refusal says who one is and who one must be", () => {
  expect(whyNot("annotator", { text: "train", role: "manager" })).toBe("You are an annotator here. To train, one must be a manager or more; ask an owner of the project.")
  expect(whyNot("manager", { text: "end it", role: "owner" })).toContain("one must be an owner;")
  expect(withArticle("owner")).toBe("an owner")
})

test("nobody is offered a role above their own", () => {
  const roles = [{ name: "viewer" }, { name: "annotator" }, { name: "manager" }, { name: "owner" }] as const
  expect(rolesUpTo(roles, "manager").map((role) => role.name)).toEqual(["viewer", "annotator", "manager"])
})
