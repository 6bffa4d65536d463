/** Values of attributes, as people read them. */

import type { Values } from "../../../canvas"
import { strings } from "./strings"

export function shownValue(value: boolean | number | string): string {
  if (typeof value === "boolean") return value ? strings.yes : strings.no
  return typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 6 }) : value
}

/** All values in one line. */
export function shownValues(values: Values): string {
  const parts = Object.entries(values).map(([name, value]) => (value === true ? name : `${name}: ${shownValue(value)}`))
  return parts.length > 0 ? parts.join(" · ") : strings.noValues
}

/** The same for a line of a list; nothing where nothing is known. */
export const shownBriefly = (values: Values): string => (Object.keys(values).length > 0 ? shownValues(values) : "")
