/** Values finer than bytes, and the window through which they become grey: only what is seen changes, never the values. */

import type { Size } from "../geometry/viewport"

/** The values that are shown as black and as white. */
export type GreyWindow = readonly [low: number, high: number]

/** What is known of a picture's values: value = step * slope + intercept, steps from 0 to 65,535. */
export interface Display {
  channels: 1 | 3
  slope: number
  intercept: number
  /** The least and greatest value. */
  low: number
  high: number
  unit: string
  /** Low values are shown bright. */
  is_inverted: boolean
  /** The first one is what every copy shows. */
  windows: readonly { name: string; low: number; high: number }[]
}

export interface Steps extends Size {
  /** Row by row, the channels of a pixel together. */
  steps: Uint16Array
}

const STEPS = 65_536

/** The grey of every step, as the server makes it. */
export function lookup({ slope, intercept, is_inverted }: Display, [low, high]: GreyWindow): Uint8Array {
  const table = new Uint8Array(STEPS)
  const span = Math.max(high - low, 1e-12)
  for (let step = 0; step < STEPS; step++) {
    const share = Math.min(Math.max((step * slope + intercept - low) / span, 0), 1)
    const grey = Math.floor(share * 255 + 0.5)
    table[step] = is_inverted ? 255 - grey : grey
  }
  return table
}

/** Paints values through a table of greys, into pixels of red, green, blue and alpha. */
export function paintSteps({ steps, width, height }: Steps, channels: 1 | 3, table: Uint8Array): ImageData {
  const image = new ImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  if (channels === 1) for (let i = 0; i < pixels.length; i++) pixels[i] = 0xff000000 | ((table[steps[i] ?? 0] ?? 0) * 0x010101)
  else
    for (let i = 0; i < pixels.length; i++)
      pixels[i] = 0xff000000 | ((table[steps[3 * i + 2] ?? 0] ?? 0) << 16) | ((table[steps[3 * i + 1] ?? 0] ?? 0) << 8) | (table[steps[3 * i] ?? 0] ?? 0)
  return image
}

/** The window after a drag by so many pixels of the screen: sideways changes how much it spans, up and down where it lies. */
export function dragged([low, high]: GreyWindow, dx: number, dy: number): GreyWindow {
  const [centre, width] = [(low + high) / 2, high - low]
  const next = width * Math.exp(dx / 240)
  const middle = centre + (dy * width) / 400
  return [middle - next / 2, middle + next / 2]
}

/** The window that leaves out the darkest and brightest half per cent of a picture of bytes. */
export function automatic(data: Uint8ClampedArray): GreyWindow {
  const counts = new Uint32Array(256)
  for (let i = 0; i < data.length; i += 4) {
    const grey = Math.round(0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0))
    counts[grey] = (counts[grey] ?? 0) + 1
  }
  const tail = (data.length / 4) * 0.005
  const first = (order: number[]) => {
    let seen = 0
    return order.find((grey) => (seen += counts[grey] ?? 0) > tail) ?? 0
  }
  const greys = [...counts.keys()]
  const [low, high] = [first(greys), first(greys.reverse())]
  return high - low < 4 ? [0, 255] : [low, high]
}
