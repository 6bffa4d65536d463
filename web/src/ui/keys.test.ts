import { expect, test } from "vitest"

import { isPress, isTyping, shortened, shownKeys, type Press } from "./keys"

const press = (change: Partial<Press>): Press => ({ code: "", key: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...change })

test("digits go by place, whatever is printed on them", () => {
  expect(isPress("Digit1", press({ code: "Digit1", key: "&" }))).toBe(true)
  expect(isPress("Digit1", press({ code: "Numpad1", key: "1" }))).toBe(true)
  expect(isPress("Digit1", press({ code: "Digit2", key: "1" }))).toBe(false)
})

test("letters go by print on Latin layouts and by place on others", () => {
  expect(isPress("Mod+A", press({ code: "KeyQ", key: "a", ctrlKey: true }))).toBe(true)
  expect(isPress("Mod+A", press({ code: "KeyA", key: "ф", metaKey: true }))).toBe(true)
  expect(isPress("Mod+A", press({ code: "KeyA", key: "a" }))).toBe(false)
})

test("modifiers must be exactly those named", () => {
  expect(isPress("Enter", press({ code: "Enter", key: "Enter", ctrlKey: true }))).toBe(false)
  expect(isPress("Shift+ArrowRight", press({ code: "ArrowRight", key: "ArrowRight", shiftKey: true }))).toBe(true)
})

test("the question mark is found wherever the layout has it", () => {
  expect(isPress("?", press({ code: "Minus", key: "?", shiftKey: true }))).toBe(true)
})

test("plus is found wherever it is printed, brackets by their place", () => {
  expect(isPress("+", press({ code: "Equal", key: "+", shiftKey: true }))).toBe(true)
  expect(isPress("+", press({ code: "NumpadAdd", key: "+" }))).toBe(true)
  expect(isPress("[", press({ code: "BracketLeft", key: "ü" }))).toBe(true)
  expect(shownKeys("Mod++")).toEqual(["Ctrl", "+"])
})

test("fields take keys, tick boxes do not", () => {
  expect(isTyping({ tagName: "INPUT", type: "text" })).toBe(true)
  expect(isTyping({ tagName: "INPUT", type: "checkbox" })).toBe(false)
  expect(isTyping({ tagName: "DIV", isContentEditable: true })).toBe(true)
  expect(isTyping(null)).toBe(false)
})

test("names are shown as keys are printed", () => {
  expect(shownKeys("Mod+Shift+Z")).toEqual(["Ctrl", "Shift", "Z"])
  expect(shownKeys("Digit4")).toEqual(["4"])
})

test("ten digits are shown as a span, and other keys as they are", () => {
  expect(shortened(["Digit1", "Digit2", "Digit3", "Digit4", "Digit5"])).toEqual(["Digit1", "…", "Digit5"])
  expect(shortened(["ArrowLeft", "ArrowRight"])).toEqual(["ArrowLeft", "ArrowRight"])
})
