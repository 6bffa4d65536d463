/** Everything that a key can do, by the place where it is listened to: its label and the keys that it has from the start. */

import type { ToolName } from "../canvas"
import { DIGITS } from "../ui"

/** A label, then the names of its keys as `isPress` reads them. */
type Row = readonly [label: string, ...keys: string[]]

const UNDO = ["Undo", "Mod+Z"] as const
const REDO = ["Redo", "Mod+Shift+Z", "Mod+Y"] as const
const SAVE = ["Save now (it is always saved)", "Mod+S"] as const
const SEARCH = ["Find a class by name", "/"] as const

const TOOLS = {
  select: ["Select", "V"],
  hand: ["Hand", "H"],
  box: ["Box", "R"],
  turnedBox: ["Rotated box", "Shift+R"],
  polygon: ["Polygon", "P"],
  ellipse: ["Ellipse", "O"],
  polyline: ["Line", "L"],
  point: ["Point", "J"],
  keypoints: ["Keypoints", "K"],
  brush: ["Brush", "B"],
  eraser: ["Eraser", "E"],
  fill: ["Fill", "G"],
  smart: ["Smart", "S"],
  window: ["Light, by dragging", "W"],
} as const satisfies Record<ToolName, Row>

const LIGHT = {
  plainLight: ["Light and contrast back to normal", "Shift+W"],
  autoLight: ["Light that shows most", "Alt+W"],
} as const satisfies Record<string, Row>

const TALK = {
  comment: ["Pin an issue where the pointer is", "C"],
  pins: ["Show or hide pins", "Shift+C"],
  guidelines: ["Show or hide the guidelines", "Shift+G"],
} as const satisfies Record<string, Row>

const VALUES = ["Go to the values of the picture (Escape goes back)", "I"] as const

export const ACTIONS = {
  everywhere: { help: ["Show the keys", "?", "F1"] },
  draw: {
    digits: ["Class of what is selected, or of what is drawn next", ...DIGITS],
    search: SEARCH,
    submit: ["Done, next picture", "Mod+Enter"],
    skip: ["Later", "Mod+Space"],
    previous: ["Previous picture", "Mod+ArrowLeft"],
    next: ["Next picture", "Mod+ArrowRight"],
    arrows: ["Previous and next picture; with something selected, nudge it by 1 pixel", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
    far: ["Nudge by 10 pixels", "Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"],
    ...TOOLS,
    repeat: ["Last drawing tool", "N"],
    finish: ["Finish what is being drawn", "Enter"],
    cancel: ["Cancel, or select nothing", "Escape"],
    back: ["Take back the last corner, or delete", "Backspace"],
    remove: ["Delete", "Delete"],
    undo: UNDO,
    redo: REDO,
    all: ["Select all", "Mod+A"],
    copy: ["Copy", "Mod+C"],
    paste: ["Paste", "Mod+V"],
    duplicate: ["Duplicate", "Mod+D"],
    fromPrevious: ["Copy everything from the previous picture", "Mod+Shift+V"],
    cycleNext: ["Next object (Tab: while the picture has the focus)", "Tab"],
    cycleBack: ["Previous object (Tab: while the picture has the focus)", "Shift+Tab"],
    smaller: ["Smaller brush", "["],
    larger: ["Larger brush", "]"],
    above: ["To the front", "PageUp"],
    below: ["To the back", "PageDown"],
    hide: ["Hide or show what is selected", "Alt+H"],
    hideOthers: ["Hide all others, or show everything again", "Alt+Shift+H"],
    lock: ["Lock or unlock what is selected", "Alt+L"],
    ...LIGHT,
    labels: ["Show or hide names", "T"],
    peek: ["Hold: the bare picture", "X"],
    pan: ["Hold: drag the picture", "Space"],
    fit: ["Fit to screen", "Shift+F"],
    zoomIn: ["Zoom in", "+", "=", "Mod++", "Mod+="],
    zoomOut: ["Zoom out", "-", "Mod+-"],
    acceptAll: ["Accept all that are shown", "Shift+Enter"],
    rejectRest: ["Reject all others, shown or not", "Shift+Backspace"],
    hideSuggested: ["Hide or show suggestions", "M"],
    suggestNow: ["Have the detector look at this picture now", "Shift+M"],
    values: ["Go to the values of what is selected, or of the picture (Escape goes back)", "I"],
    ...TALK,
    save: SAVE,
  },
  whole: {
    digits: ["Give or take the class with this digit", ...DIGITS],
    search: SEARCH,
    submit: ["Done with the chosen classes, next picture", "Enter", "Mod+Enter"],
    none: ["None of these, next picture", "Shift+Enter"],
    doesNotBelong: ["Does not belong", "X"],
    notSure: ["Not sure", "N"],
    skip: ["Later", "S", "Mod+Space"],
    previous: ["Previous picture", "ArrowLeft", "Mod+ArrowLeft"],
    next: ["Next picture", "ArrowRight", "Mod+ArrowRight"],
    clear: ["Take all classes away", "Backspace", "Delete"],
    fromPrevious: ["The classes of the previous picture as well", "Mod+Shift+V"],
    undo: UNDO,
    redo: REDO,
    pan: ["Hold: drag the picture", "Space"],
    fit: ["Fit to screen", "Shift+F"],
    zoomIn: ["Zoom in", "+", "=", "Mod++", "Mod+="],
    zoomOut: ["Zoom out", "-", "Mod+-"],
    hand: TOOLS.hand,
    window: TOOLS.window,
    ...LIGHT,
    values: VALUES,
    ...TALK,
    save: SAVE,
  },
  review: {
    accept: ["Accept, with what you changed", "Enter", "Mod+Enter"],
    sendBack: ["Send back with a reason", "Backspace", "Mod+Backspace"],
    later: ["Later", "Mod+Space"],
    takeBack: ["Take the last decision back", "Mod+Alt+Z"],
    author: ["Show or hide the author's version", "Alt+A"],
    suggested: ["Show or hide what a model suggests", "Alt+M"],
    own: ["Show or hide your version", "Alt+C"],
    reset: ["Back to the author's version", "Alt+R"],
  },
  one: {
    digits: ["Choose the class with this digit", ...DIGITS],
    accept: ["Accept the suggestion", "Enter", "Mod+Enter"],
    runnerUp: ["Accept the second suggestion", "Shift+Enter"],
    search: SEARCH,
    doesNotBelong: ["Does not belong", "X"],
    notSure: ["Not sure", "N"],
    skip: ["Skip; it comes back at the end", "S", "Mod+Space"],
    withdraw: ["Take the answer away", "Backspace", "Delete"],
    back: ["Look back at what you did", "ArrowLeft", "Mod+ArrowLeft"],
    forward: ["Forward again", "ArrowRight", "Mod+ArrowRight"],
    undo: UNDO,
    redo: REDO,
    zoom: ["Zoom: tap to switch, hold to peek", "Z"],
    ...LIGHT,
    window: TOOLS.window,
    values: VALUES,
    ...TALK,
    save: SAVE,
  },
  many: {
    move: ["Move", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
    extend: ["Mark on the way", "Shift+ArrowLeft", "Shift+ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"],
    mark: ["Mark or unmark", "Space"],
    markAll: ["Mark all", "Mod+A"],
    unmark: ["Unmark all", "Escape"],
    accept: ["Accept all that are not marked", "Enter"],
    digits: ["Give the marked pictures this class", ...DIGITS],
    doesNotBelong: ["Does not belong", "X"],
    notSure: ["Not sure", "N"],
    search: ["Give the marked pictures a class by name", "/"],
    nextClass: ["Next class", "]"],
    previousClass: ["Previous class", "["],
    undo: UNDO,
    redo: REDO,
  },
  decide: {
    digits: ["Take this person's answer", ...DIGITS],
    showDigits: ["Show or hide what this person drew", ...DIGITS.map((name) => `Shift+${name}`)],
    showAll: ["Show what everybody drew, or nobody", "H"],
    up: ["The person above", "ArrowUp"],
    down: ["The person below", "ArrowDown"],
    take: ["Take the answer of the chosen person", "Enter"],
    edit: ["Correct what the chosen person drew", "E"],
    anew: ["Draw anew", "A"],
    search: ["Another class, by name", "/"],
    doesNotBelong: ["Does not belong", "X"],
    notSure: ["Not sure", "N"],
    previous: ["Previous picture", "ArrowLeft", "Mod+ArrowLeft"],
    next: ["Next picture, without deciding", "ArrowRight", "Mod+ArrowRight"],
    undo: ["Take the last decision back", "Mod+Z"],
    pan: ["Hold: drag the picture", "Space"],
    fit: ["Fit to screen", "Shift+F"],
    zoomIn: ["Zoom in", "+", "=", "Mod++", "Mod+="],
    zoomOut: ["Zoom out", "-", "Mod+-"],
    ...LIGHT,
  },
  images: {
    move: ["Move (Shift: choose on the way)", ...["", "Shift+"].flatMap((shift) => ["Left", "Right", "Up", "Down"].map((way) => `${shift}Arrow${way}`))],
    all: ["Choose all", "Mod+A"],
    open: ["Open or close the details", "Space"],
    clear: ["Choose nothing", "Escape"],
    digits: ["Give the chosen pictures this class", ...DIGITS],
    takeDigits: ["Take this class from the chosen pictures", ...DIGITS.map((name) => `Shift+${name}`)],
    addClass: ["Give the chosen pictures a class by name", "+", "="],
    removeClass: ["Take a class from the chosen pictures by name", "-"],
    doesNotBelong: ["Does not belong", "X"],
    notSure: ["Not sure", "N"],
    noLabel: ["Take the answers away", "Backspace"],
    remove: ["Delete the chosen pictures", "Delete"],
    undo: UNDO,
  },
  states: {
    earlier: ["Earlier state", "ArrowLeft"],
    later: ["Later state", "ArrowRight"],
    swap: ["Before and after", "B"],
  },
} as const satisfies Record<string, Record<string, Row>>

export type Scope = keyof typeof ACTIONS
export type ActionOf<S extends Scope> = keyof (typeof ACTIONS)[S] & string

export const SCOPES: Record<Scope, string> = {
  everywhere: "Everywhere",
  draw: "Drawing",
  whole: "Any number of classes",
  review: "Reviewing",
  one: "One by one",
  many: "Many at once",
  decide: "Deciding",
  images: "Images",
  states: "History of a picture",
}

/** Digits belong to classes and arrows to directions: one of them alone would mean nothing. */
const FIXED = new Set(["digits", "takeDigits", "showDigits", "arrows", "far", "move", "extend", "help"])

export interface Action {
  id: string
  scope: Scope
  label: string
  keys: readonly string[]
  /** Nobody gives it other keys. */
  isFixed: boolean
}

/** Every action, in the order of the help sheet. */
export const ALL_ACTIONS: readonly Action[] = Object.entries(ACTIONS).flatMap(([scope, rows]) =>
  Object.entries(rows as Record<string, Row>).map(([name, [label, ...keys]]) => ({ id: `${scope}.${name}`, scope: scope as Scope, label, keys, isFixed: FIXED.has(name) })),
)
