/** Which key press is meant by which name. Pure, so that it can be tested without a browser. */

export interface Press {
  code: string
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Meant by what is printed, with whatever else it takes to press it. */
const PRINTED = new Set(["?", "+"])
/** Meant by their place as well: other layouts print something else there. */
const PLACES: Record<string, string> = { "[": "BracketLeft", "]": "BracketRight" }

/** In the order in which names hold them. */
export const MODIFIERS = ["Mod", "Alt", "Shift"] as const

export const DIGITS = ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0"] as const

export const partsOf = (name: string): string[] => (name.endsWith("+") ? [...name.slice(0, -1).split("+").filter(Boolean), "+"] : name.split("+"))

/**
 * Says whether a press is the one named: `Digit1`, `Mod+A`, `Shift+ArrowRight`, `?`, `Enter`.
 *
 * Digits go by their place, on the row or the number pad, whatever the layout prints on them. Letters go by what is
 * printed where the layout is Latin, and by their place where it is not. `Mod` is Ctrl, or Cmd on a Mac.
 */
export function isPress(name: string, press: Press): boolean {
  const parts = partsOf(name)
  const main = parts.pop() ?? ""
  if (parts.includes("Mod") !== (press.ctrlKey || press.metaKey)) return false
  if (parts.includes("Alt") !== press.altKey) return false
  if (PRINTED.has(main)) return press.key === main
  if (parts.includes("Shift") !== press.shiftKey) return false
  const digit = /^Digit(\d)$/.exec(main)
  if (digit) return press.code === main || press.code === `Numpad${digit[1] ?? ""}`
  if (/^[A-Z]$/.test(main)) return /^[a-z]$/i.test(press.key) ? press.key.toUpperCase() === main : press.code === `Key${main}`
  if (main === "Enter") return press.code === "Enter" || press.code === "NumpadEnter"
  return press.code === (PLACES[main] ?? main) || press.key === main
}

const SHOWN: Record<string, string> = {
  Mod: "Ctrl",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
  Space: "Space",
  PageUp: "Page ↑",
  PageDown: "Page ↓",
  Backspace: "⌫",
}

/** The parts of a name as they are printed on keys. */
export function shownKeys(name: string): string[] {
  return partsOf(name).map((part) => SHOWN[part] ?? part.replace(/^Digit/, ""))
}

export const UP_TO = "…"

/** A row of ten digits is shown as its first and its last. */
export function shortened(names: readonly string[]): readonly string[] {
  const [first, last] = [names[0], names.at(-1)]
  return names.length > 4 && first && last && names.every((name) => /(^|\+)Digit\d$/.test(name)) ? [first, UP_TO, last] : names
}

interface Place {
  tagName?: string
  isContentEditable?: boolean
  type?: string
}

const NOT_TYPED = new Set(["checkbox", "radio", "button", "submit", "range", "color", "file"])

/** Whether keys pressed there are typing. */
export function isTyping(place: Place | null): boolean {
  if (!place) return false
  if (place.isContentEditable) return true
  const tag = place.tagName?.toUpperCase()
  return tag === "TEXTAREA" || tag === "SELECT" || (tag === "INPUT" && !NOT_TYPED.has(place.type ?? "text"))
}
