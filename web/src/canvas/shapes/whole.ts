import type { ShapeKind, WholeShape } from "./types"

/** What is said of the whole picture: it lies nowhere, so nothing of it is painted, and nobody can click or drag it. */
export const whole: ShapeKind<WholeShape> = {
  isUnseen: true,
  bounds: () => ({ x1: 0, y1: 0, x2: 0, y2: 0 }),
  hit: () => false,
  translate: (s) => s,
  handles: () => [],
  moveHandle: (s) => s,
  trace: () => undefined,
  isTiny: () => false,
}
