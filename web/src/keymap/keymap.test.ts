import { expect, test } from "vitest"

import { isPress, type Press } from "../ui"
import { ALL_ACTIONS } from "./actions"
import { allClashes, keysOf, nameOf, NO_CHANGES, refusal, usable, withKeys } from "./keymap"
import { PRESET_CHANGES, type Preset } from "./presets"

const press = (change: Partial<Press>): Press => ({ code: "", key: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...change })
const action = (id: string) => {
  const found = ALL_ACTIONS.find((entry) => entry.id === id)
  if (!found) throw new Error(id)
  return found
}
const presets = Object.keys(PRESET_CHANGES) as Preset[]

test.each(presets)("no two actions of one place share a key in the preset %s", (preset) => {
  expect(allClashes({ preset, changes: {} }).map(({ action: { id }, name }) => `${id} ${name}`)).toEqual([])
})

test.each(presets)("the preset %s speaks of actions that there are, and leaves digits and arrows alone", (preset) => {
  for (const id of Object.keys(PRESET_CHANGES[preset])) expect(action(id).isFixed).toBe(false)
})

test("D is bound in no place from the start, and means previous or next only where a preset says so", () => {
  expect(ALL_ACTIONS.filter(({ keys }) => keys.includes("D"))).toEqual([])
  expect(keysOf({ preset: "cvat", changes: {} }, action("draw.previous"))).toContain("D")
  expect(keysOf({ preset: "x_anylabeling", changes: {} }, action("draw.next"))).toContain("D")
})

test("a press has the name by which it is found again", () => {
  const presses = [
    press({ code: "KeyW", key: "w" }),
    press({ code: "KeyW", key: "ц" }),
    press({ code: "KeyW", key: "W", shiftKey: true, ctrlKey: true }),
    press({ code: "Numpad3", key: "3" }),
    press({ code: "Digit3", key: "è" }),
    press({ code: "BracketLeft", key: "ü" }),
    press({ code: "Minus", key: "?", shiftKey: true }),
    press({ code: "NumpadAdd", key: "+" }),
    press({ code: "NumpadEnter", key: "Enter" }),
    press({ code: "ArrowUp", key: "ArrowUp", altKey: true }),
    press({ code: "Space", key: " " }),
    press({ code: "F2", key: "F2" }),
    press({ code: "Period", key: "." }),
  ]
  const names = presses.map(nameOf)
  expect(names).toEqual(["W", "W", "Mod+Shift+W", "Digit3", "Digit3", "[", "?", "+", "Enter", "Alt+ArrowUp", "Space", "F2", "."])
  presses.forEach((each, at) => expect(isPress(names[at] ?? "", each), names[at] ?? "").toBe(true))
  expect(nameOf(press({ code: "ShiftLeft", key: "Shift", shiftKey: true }))).toBeNull()
})

test("a key that does something else in the same place is refused in words, in another place it is free", () => {
  expect(refusal(NO_CHANGES, action("draw.box"), "P")).toBe("P does “Polygon” already, under Drawing. Take it away there first, or choose another key.")
  expect(refusal(NO_CHANGES, action("draw.box"), "F1")).toContain("Show the keys")
  expect(refusal(NO_CHANGES, action("draw.box"), "Mod+W")).toContain("browser")
  expect(refusal(NO_CHANGES, action("draw.box"), "R")).toContain("already")
  expect(refusal(NO_CHANGES, action("one.zoom"), "P")).toBeNull()
  expect(refusal(NO_CHANGES, action("draw.box"), "Digit4")).toContain("Class of what is selected")
})

test("Tab goes through objects, can be given other keys, and taken back; nothing else may have it", () => {
  const own = withKeys(NO_CHANGES, action("draw.cycleNext"), ["Q"])
  expect(keysOf(own, action("draw.cycleNext"))).toEqual(["Q"])
  expect(refusal(own, action("draw.cycleNext"), "Tab")).toBeNull()
  expect(refusal(own, action("draw.box"), "Tab")).toContain("browser")
})

test("changes hold for one action, and end where they say what the preset says", () => {
  const changed = withKeys(NO_CHANGES, action("draw.box"), ["Q"])
  expect(keysOf(changed, action("draw.box"))).toEqual(["Q"])
  expect(refusal(changed, action("draw.fill"), "R")).toBeNull()
  expect(withKeys(changed, action("draw.box"), ["R"])).toEqual(NO_CHANGES)
  expect(keysOf(withKeys(changed, action("draw.box"), []), action("draw.box"))).toEqual([])
})

test("what a file says is taken as far as it makes sense", () => {
  expect(usable(null)).toEqual(NO_CHANGES)
  expect(usable({ preset: "emacs", changes: { "draw.nothing": ["W"], "draw.digits": ["W"], "draw.box": ["Q"], "draw.fill": "G" } })).toEqual({ preset: "modelyard", changes: { "draw.box": ["Q"] } })
  const clashing = usable({ preset: "modelyard", changes: { "draw.box": ["P"] } })
  expect(allClashes(clashing)).toEqual([])
  expect(clashing.changes).toEqual({})
})
