/** Which key does what: one table of actions, presets, and each person's own changes. */

export { ALL_ACTIONS, SCOPES, type Action, type Scope } from "./actions"
export { KeymapContext, useActions, useKeyOf, type Runs } from "./context"
export { clash, keysOf, nameOf, NO_CHANGES, presetKeys, refusal, usable, withKeys, type KeySettings } from "./keymap"
export { KeymapProvider } from "./KeymapProvider"
export { PRESETS, type Preset } from "./presets"
export { useSetKeys } from "./queries"
