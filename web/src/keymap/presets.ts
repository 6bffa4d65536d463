/** Keys as people know them from other tools: what differs from the keys that every action has from the start. */

export type Preset = "modelyard" | "cvat" | "label_studio" | "x_anylabeling"

export const PRESETS: Record<Preset, string> = {
  modelyard: "Modelyard",
  cvat: "CVAT",
  label_studio: "Label Studio",
  x_anylabeling: "X-AnyLabeling, labelImg",
}

export type Changes = Readonly<Record<string, readonly string[]>>

/** Back and forth over pictures with letters, wherever pictures follow each other. */
function walk(previous: string, next: string): Changes {
  return {
    "draw.previous": [previous, "Mod+ArrowLeft"],
    "draw.next": [next, "Mod+ArrowRight"],
    "whole.previous": [previous, "ArrowLeft", "Mod+ArrowLeft"],
    "whole.next": [next, "ArrowRight", "Mod+ArrowRight"],
    "one.back": [previous, "ArrowLeft", "Mod+ArrowLeft"],
    "one.forward": [next, "ArrowRight", "Mod+ArrowRight"],
  }
}

export const PRESET_CHANGES: Record<Preset, Changes> = {
  modelyard: {},
  cvat: { ...walk("D", "F"), "draw.hide": ["H", "Alt+H"], "draw.hand": [], "draw.lock": ["L"], "draw.polyline": [], "draw.finish": ["Enter", "Shift+N"] },
  label_studio: { "draw.cancel": ["Escape", "U"], "draw.remove": ["Delete", "Mod+Backspace"], "draw.fit": ["Shift+F", "Shift+Digit1"], "whole.fit": ["Shift+F", "Shift+Digit1"] },
  x_anylabeling: { ...walk("A", "D"), "draw.box": ["R", "W"], "draw.window": [], "draw.select": ["V", "Mod+J"], "draw.fit": ["F", "Shift+F"], "draw.hide": ["Mod+H", "Alt+H"] },
}
