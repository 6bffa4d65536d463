/** Whose keys do what: the keys of every action for one person, and which of them would clash. Pure. */

import { MODIFIERS, partsOf, shownKeys, type Press } from "../ui"
import { ALL_ACTIONS, SCOPES, type Action } from "./actions"
import { PRESET_CHANGES, type Changes, type Preset } from "./presets"

/** What a person keeps: the preset to start from, and the keys of the actions that were given others. */
export interface KeySettings {
  preset: Preset
  changes: Changes
}

export const NO_CHANGES: KeySettings = { preset: "modelyard", changes: {} }

/** The keys that an action has with this preset. */
export const presetKeys = ({ preset }: KeySettings, action: Action): readonly string[] => (action.isFixed ? action.keys : (PRESET_CHANGES[preset][action.id] ?? action.keys))

/** The keys that an action has for this person. */
export const keysOf = (settings: KeySettings, action: Action): readonly string[] => (action.isFixed ? action.keys : (settings.changes[action.id] ?? presetKeys(settings, action)))

/** The name of a press, as `isPress` reads it; null while only a modifier is down. */
export function nameOf(press: Press): string | null {
  const main = mainOf(press)
  if (main === null) return null
  const isPrinted = main === "?" || main === "+"
  const held = [press.ctrlKey || press.metaKey ? "Mod" : "", press.altKey ? "Alt" : "", press.shiftKey && !isPrinted ? "Shift" : ""]
  return [...held.filter(Boolean), main].join("+")
}

function mainOf({ key, code }: Press): string | null {
  if (/^(Control|Shift|Alt|Meta|AltGraph|CapsLock|Dead|Process|Unidentified)/.test(key)) return null
  if (key === "?" || key === "+") return key
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1]
  if (digit) return `Digit${digit}`
  if (/^[a-z]$/i.test(key)) return key.toUpperCase()
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return letter
  if (code === "NumpadEnter") return "Enter"
  const place = { BracketLeft: "[", BracketRight: "]", Space: "Space" }[code]
  if (place) return place
  return key.length === 1 || key === "" ? (key && !/\s/.test(key) ? key : code || null) : key
}

/** One spelling of a name: modifiers in one order. */
function plain(name: string): string {
  const parts = partsOf(name)
  const main = parts.pop() ?? ""
  return [...MODIFIERS.filter((part) => parts.includes(part)), main].join("+")
}

const BROWSER = new Set(["Mod+W", "Mod+T", "Mod+N", "Mod+Shift+N", "Mod+Shift+T", "Mod+Shift+W", "Mod+Tab", "Mod+Shift+Tab", "Mod+Q", "Mod+R", "Mod+Shift+R", "Mod+L", "F5", "F11", "F12", "Alt+F4", "Tab", "Shift+Tab"])

export const isOfBrowser = (name: string): boolean => BROWSER.has(plain(name))

/** Actions that listen in the same place and have this key. */
export function clashes(settings: KeySettings, action: Action, name: string): Action[] {
  const wanted = plain(name)
  return ALL_ACTIONS.filter((other) => other.id !== action.id && meets(other, action) && keysOf(settings, other).some((key) => plain(key) === wanted))
}

const meets = (a: Action, b: Action): boolean => a.scope === b.scope || a.scope === "everywhere" || b.scope === "everywhere"

/** Every key that two actions of one place share; none in a key map that can be used. */
export function allClashes(settings: KeySettings): { action: Action; name: string; others: Action[] }[] {
  return ALL_ACTIONS.flatMap((action) =>
    keysOf(settings, action).flatMap((name) => {
      const others = clashes(settings, action, name)
      return others.length > 0 ? [{ action, name, others }] : []
    }),
  )
}

/** Why an action cannot have this key, in words; null if it can. */
export function refusal(settings: KeySettings, action: Action, name: string): string | null {
  const shown = shownKeys(name).join(" + ")
  if (isOfBrowser(name) && !action.keys.includes(name)) return `The browser keeps ${shown} for itself. Choose another key.`
  if (keysOf(settings, action).some((key) => plain(key) === plain(name))) return `${shown} does this already.`
  return clash(settings, action, name)
}

/** Which other action has this key, in words; null if none has. */
export function clash(settings: KeySettings, action: Action, name: string): string | null {
  const shown = shownKeys(name).join(" + ")
  const [other] = clashes(settings, action, name)
  return other ? `${shown} does “${other.label}” already, under ${SCOPES[other.scope]}. Take it away there first, or choose another key.` : null
}

const without = (changes: Changes, id: string): Changes => Object.fromEntries(Object.entries(changes).filter(([name]) => name !== id))

/** The settings with other keys for one action; keys like those of the preset are no change. */
export function withKeys(settings: KeySettings, action: Action, keys: readonly string[]): KeySettings {
  const others = without(settings.changes, action.id)
  const isSame = JSON.stringify(keys) === JSON.stringify(presetKeys(settings, action))
  return { ...settings, changes: isSame ? others : { ...others, [action.id]: keys } }
}

/** What a server or a file says, without what is not known here and without keys that clash: those actions keep the preset's. */
export function usable(value: unknown): KeySettings {
  const given = (typeof value === "object" && value !== null ? value : {}) as { preset?: unknown; changes?: unknown }
  const preset = (Object.keys(PRESET_CHANGES) as Preset[]).find((name) => name === given.preset) ?? "modelyard"
  const changes = typeof given.changes === "object" && given.changes !== null ? (given.changes as Record<string, unknown>) : {}
  let found: KeySettings = { preset, changes: {} }
  for (const action of ALL_ACTIONS) {
    const keys = changes[action.id]
    if (action.isFixed || !Array.isArray(keys) || !keys.every((name): name is string => typeof name === "string" && name !== "")) continue
    found = { preset, changes: { ...found.changes, [action.id]: keys } }
  }
  for (let all = allClashes(found); all.length > 0; all = allClashes(found)) {
    const gone = all.flatMap(({ action, others }) => [action, ...others]).find(({ id }) => id in found.changes)
    if (!gone) return { preset, changes: {} }
    found = { preset, changes: without(found.changes, gone.id) }
  }
  return found
}
