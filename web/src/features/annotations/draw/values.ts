/** Values of attributes, as lists show them: in one line, nothing where nothing is known. */

import type { Values } from "../../../canvas"
import { shownValue } from "../../../ui"

export const shownBriefly = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => (value === true ? name : `${name}: ${shownValue(value)}`))
    .join(" · ")
