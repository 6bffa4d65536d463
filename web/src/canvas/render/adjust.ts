/** Brightness, contrast and gamma as CSS filters: they change what is seen, never the data. */

export interface Adjustment {
  /** 1 leaves the picture as it is, here and below. */
  brightness: number
  contrast: number
  gamma: number
}

export const PLAIN: Adjustment = { brightness: 1, contrast: 1, gamma: 1 }
const ID = "modelyard-gamma"

/** The CSS filter of an adjustment; the part of it that CSS lacks is put into `host` as an SVG filter. */
export function filterOf(host: HTMLElement, { brightness, contrast, gamma }: Adjustment): string {
  host.querySelector("svg")?.remove()
  if (brightness === 1 && contrast === 1 && gamma === 1) return ""
  const parts = ["feFuncR", "feFuncG", "feFuncB"].map((name) => `<${name} type="gamma" exponent="${1 / gamma}"/>`).join("")
  const filter = `<filter id="${ID}" color-interpolation-filters="sRGB"><feComponentTransfer>${parts}</feComponentTransfer></filter>`
  host.insertAdjacentHTML("beforeend", `<svg width="0" height="0" style="position:absolute">${filter}</svg>`)
  return `url(#${ID}) brightness(${brightness}) contrast(${contrast})`
}
