/**
 * Masks as spans, for putting them together and taking them from each other.
 *
 * A set of pixels is the places where it begins and ends, column by column from the left: begin, end, begin, end, … What is
 * done to two sets takes as long as their outlines are, however large the masks themselves are.
 */

import type { Bitmap } from "./bitmap"
import { fromRuns, stretches, toEnds } from "./rle"
import type { MaskShape } from "./types"

export type Spans = readonly number[]

/** More than any picture is high, so that no span goes on into the next column. */
const COLUMN = 2 ** 21

const known = new WeakMap<MaskShape, Spans>()

export function spansOf(mask: MaskShape): Spans {
  const old = known.get(mask)
  if (old) return old
  const made: number[] = []
  stretches(toEnds(mask.counts), mask.height, (x, from, to) => {
    const column = (x + mask.x) * COLUMN + mask.y
    made.push(column + from, column + to)
  })
  known.set(mask, made)
  return made
}

export function spansOfBitmap({ x, y, width, height, pixels }: Bitmap): Spans {
  const made: number[] = []
  for (let column = 0; column < width; column++)
    for (let row = 0; row <= height; row++) {
      const isOn = row < height && pixels[row * width + column] === 1
      if (isOn !== (made.length % 2 === 1)) made.push((column + x) * COLUMN + y + row)
    }
  return made
}

function combined(a: Spans, b: Spans, isKept: (inA: boolean, inB: boolean) => boolean): Spans {
  const made: number[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Infinity, b[j] ?? Infinity)
    while ((a[i] ?? Infinity) <= at) i += 1
    while ((b[j] ?? Infinity) <= at) j += 1
    if (isKept(i % 2 === 1, j % 2 === 1) !== (made.length % 2 === 1)) made.push(at)
  }
  return made
}

export const together = (a: Spans, b: Spans): Spans => combined(a, b, (inA, inB) => inA || inB)
export const without = (a: Spans, b: Spans): Spans => combined(a, b, (inA, inB) => inA && !inB)

export function sizeOf(spans: Spans): number {
  let size = 0
  for (let i = 0; i + 1 < spans.length; i += 2) size += (spans[i + 1] ?? 0) - (spans[i] ?? 0)
  return size
}

/** The mask of these pixels, cut to them; null for none. */
export function maskOfSpans(spans: Spans): MaskShape | null {
  if (spans.length === 0) return null
  const x = Math.floor((spans[0] ?? 0) / COLUMN)
  const width = Math.floor((spans.at(-2) ?? 0) / COLUMN) + 1 - x
  let [y, bottom] = [Infinity, 0]
  for (let i = 0; i + 1 < spans.length; i += 2) {
    y = Math.min(y, (spans[i] ?? 0) % COLUMN)
    bottom = Math.max(bottom, (spans[i + 1] ?? 0) % COLUMN)
  }
  const height = bottom - y
  const place = (key: number) => (Math.floor(key / COLUMN) - x) * height + (key % COLUMN) - y
  const runs: number[] = [0]
  let end = 0
  for (let i = 0; i + 1 < spans.length; i += 2) {
    const from = place(spans[i] ?? 0)
    const length = (spans[i + 1] ?? 0) - (spans[i] ?? 0)
    // What ends at the foot of a column and begins at the head of the next is one run.
    if (from === end && runs.length % 2 === 0) runs[runs.length - 1] = (runs.at(-1) ?? 0) + length
    else if (runs.length === 1) runs.splice(0, 1, from, length)
    else runs.push(from - end, length)
    end = from + length
  }
  if (end < width * height) runs.push(width * height - end)
  const mask: MaskShape = { type: "mask", x, y, width, height, counts: fromRuns(runs) }
  known.set(mask, spans)
  return mask
}
