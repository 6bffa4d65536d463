/** A tool is a small state machine: pointer and keys in, a preview and finished shapes out. */

import type { Raster } from "../geometry/raster"
import type { ImagePoint } from "../geometry/points"
import type { SmartPort } from "../ports"
import type { Shape } from "../shapes"
import type { Form } from "../shapes/convert"
import type { MaskShape } from "../shapes/types"
import type { DrawnObject, Objects } from "../document/document"

export interface Pointer {
  at: ImagePoint
  /** Pixels of the picture that are as large as one of the screen. */
  pixel: number
  shift: boolean
  alt: boolean
  /** Second press in a row at the same place. */
  isDouble: boolean
  /** The right button. */
  isSecond: boolean
}

/** How tools work, as people set them; they stay from picture to picture. */
export interface ToolSettings {
  /** Pixels of the picture. */
  brushRadius: number
  /** A box from two corners, or from the four outermost points of a thing. */
  boxBy: "corners" | "extremes"
  /** How different colours may be that are filled together, 0 to 255. */
  fillTolerance: number
  /** How far, in pixels, a polygon made of a mask may lie beside it. */
  outlineTolerance: number
  /** The smart tool cuts out a thing, or follows an edge. */
  smartBy: "thing" | "edge"
  /** What becomes of what the smart tool found. */
  smartForm: Form
  /** Whether lines through the pointer help to find where an edge begins. */
  showsGuides: boolean
}

export const SETTINGS: ToolSettings = { brushRadius: 12, boxBy: "corners", fillTolerance: 24, outlineTolerance: 1.5, showsGuides: true, smartBy: "thing", smartForm: "polygon" }

/** A stroke of a brush or eraser on its way: painted as a thick line, worked into a mask at its end. */
export interface Stroke {
  points: readonly ImagePoint[]
  radius: number
  isErasing: boolean
}

/** A click that a tool remembers. */
export interface Mark {
  at: ImagePoint
  isPositive: boolean
}

/** What a tool may see and do. */
export interface Bench {
  readonly width: number
  readonly height: number
  readonly objects: Objects
  readonly selection: ReadonlySet<string>
  /** An object, drawn or suggested. */
  find(id: string): DrawnObject | undefined
  readonly settings: ToolSettings
  /** How many points an object of the current class has; 0 without a skeleton. */
  readonly jointCount: number
  /** Every pixel has at most one class: what is painted goes to the mask of the current class and is taken from others. */
  readonly isLayered: boolean
  /** The mask that the current class has in a picture with layers. */
  readonly layer: MaskShape | null
  /** The picture's pixels as shown, for tools that look at colours. */
  pixels(): Raster | null
  /** Finds things and edges in the picture; null where nobody does. */
  readonly smart: SmartPort | null
  /** What a tool shows has changed by itself. */
  repaint(): void
  /** A new object of the current class. */
  add(shape: Shape): void
  /** New shapes for objects that are there, as one step. */
  reshape(shapes: ReadonlyMap<string, Shape>): void
  /** Show shapes in place of those that are there, until the next call; nothing is written. */
  preview(shapes: ReadonlyMap<string, Shape>): void
  select(ids: Iterable<string>): void
  remove(ids: Iterable<string>): void
  /** What lies under `shape` belongs to no class any more; only in a picture with layers. */
  erase(shape: Shape): void
  /** The topmost object at a point that can be grabbed. */
  objectAt(at: ImagePoint, slack: number): string | null
  isLocked(id: string): boolean
  isHidden(id: string): boolean
}

export interface Tool {
  readonly cursor: string
  down(pointer: Pointer): void
  move(pointer: Pointer): void
  up(pointer: Pointer): void
  /** Enter, Escape, Backspace: true if it meant something here. */
  key(name: string): boolean
  /** What is being drawn. */
  readonly draft: Shape | null
  readonly stroke?: Stroke | null
  readonly marks?: readonly Mark[]
  /** Points that were clicked already. */
  readonly corners?: readonly ImagePoint[]
  /** Lines through the pointer, along both axes, help to find where an edge begins. */
  readonly hasGuides?: boolean
  /** The right button is its own; elsewhere it does nothing. */
  readonly usesSecond?: boolean
  cursorAt?(pointer: Pointer): string
  /** Nothing lies there that a press could be meant for: pressed twice, the whole picture is shown. */
  isFreeAt?(pointer: Pointer): boolean
  /** Ask again for what is shown: there may be a better answer now. */
  again?(): void
  /** Over when nothing that Enter was pressed for is waited for any more. */
  settled?(): Promise<unknown>
}
