/** Brightness, contrast, gamma and a window as CSS filters: they change what is seen, never the data. */

export interface Adjustment {
  /** 1 leaves the picture as it is, here and below. */
  brightness: number
  contrast: number
  gamma: number
  /** The values, of 0 to 255, that are shown as black and as white; what lies between is spread out. */
  window: readonly [number, number]
}

export const PLAIN: Adjustment = { brightness: 1, contrast: 1, gamma: 1, window: [0, 255] }
const ID = "modelyard-light"
const CHANNELS = ["feFuncR", "feFuncG", "feFuncB"]

/** The CSS filter of an adjustment; the part of it that CSS lacks is put into `host` as an SVG filter. */
export function filterOf(host: HTMLElement, { brightness, contrast, gamma, window: [dark, bright] }: Adjustment): string {
  host.querySelector("svg")?.remove()
  const isPlain = brightness === 1 && contrast === 1 && gamma === 1 && dark === 0 && bright === 255
  if (isPlain) return ""
  const slope = 255 / (bright - dark)
  const linear = CHANNELS.map((name) => `<${name} type="linear" slope="${slope}" intercept="${(-dark / 255) * slope}"/>`).join("")
  const power = CHANNELS.map((name) => `<${name} type="gamma" exponent="${1 / gamma}"/>`).join("")
  const steps = [linear, power].map((step) => `<feComponentTransfer>${step}</feComponentTransfer>`).join("")
  const filter = `<filter id="${ID}" color-interpolation-filters="sRGB">${steps}</filter>`
  host.insertAdjacentHTML("beforeend", `<svg width="0" height="0" style="position:absolute">${filter}</svg>`)
  return `url(#${ID}) brightness(${brightness}) contrast(${contrast})`
}
