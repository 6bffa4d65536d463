/** A tool is a small state machine: pointer and keys in, a preview and finished shapes out. */

import type { ImagePoint } from "../geometry/points"
import type { Shape } from "../shapes"
import type { Objects } from "../document/document"

export interface Pointer {
  at: ImagePoint
  /** Pixels of the picture that are as large as one of the screen. */
  pixel: number
  shift: boolean
  alt: boolean
  /** Second press in a row at the same place. */
  isDouble: boolean
}

/** What a tool may see and do. */
export interface Bench {
  readonly width: number
  readonly height: number
  readonly objects: Objects
  readonly selection: ReadonlySet<string>
  readonly brushRadius: number
  /** A new object of the current class. */
  add(shape: Shape): void
  /** New shapes for objects that are there, as one step. */
  reshape(shapes: ReadonlyMap<string, Shape>): void
  /** Show shapes in place of those that are there, until the next call; nothing is written. */
  preview(shapes: ReadonlyMap<string, Shape>): void
  select(ids: Iterable<string>): void
  remove(ids: Iterable<string>): void
  /** The topmost object at a point that can be grabbed. */
  objectAt(at: ImagePoint, slack: number): string | null
  isLocked(id: string): boolean
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
  cursorAt?(pointer: Pointer): string
}
