/** Brightness, contrast, gamma and a window as CSS filters: they change what is seen, never the data. */

import type { GreyWindow } from "../picture/greys"

export interface Adjustment {
  /** 1 leaves the picture as it is, here and below. */
  brightness: number
  contrast: number
  gamma: number
  /** What of 0 to 255 is shown as black and as white, in pictures of bytes; null is all of it. */
  byteWindow: GreyWindow | null
  /** The values that are shown as black and as white, in pictures that have them; null is the picture's own window. */
  valueWindow: GreyWindow | null
}

export const PLAIN: Adjustment = { brightness: 1, contrast: 1, gamma: 1, byteWindow: null, valueWindow: null }
const ID = "modelyard-light"
const CHANNELS = ["feFuncR", "feFuncG", "feFuncB"]

/** The CSS filter of an adjustment; the part of it that CSS lacks is put into `host` as an SVG filter. */
export function filterOf(host: HTMLElement, { brightness, contrast, gamma, byteWindow }: Adjustment, usesWindow: boolean): string {
  host.querySelector("svg")?.remove()
  const [dark, bright] = (usesWindow && byteWindow) || [0, 255]
  if (brightness === 1 && contrast === 1 && gamma === 1 && dark === 0 && bright === 255) return ""
  const slope = 255 / Math.max(bright - dark, 1)
  const linear = CHANNELS.map((name) => `<${name} type="linear" slope="${slope}" intercept="${(-dark / 255) * slope}"/>`).join("")
  const power = CHANNELS.map((name) => `<${name} type="gamma" exponent="${1 / gamma}"/>`).join("")
  const steps = [linear, power].map((step) => `<feComponentTransfer>${step}</feComponentTransfer>`).join("")
  const filter = `<filter id="${ID}" color-interpolation-filters="sRGB">${steps}</filter>`
  host.insertAdjacentHTML("beforeend", `<svg width="0" height="0" style="position:absolute">${filter}</svg>`)
  return `url(#${ID}) brightness(${brightness}) contrast(${contrast})`
}
