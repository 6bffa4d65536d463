/** Digits by their physical place, so that they work on every layout, shifted rows included, and on the number pad. */

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"] as const

/** The badge of the class in this place; none after the tenth. */
export function digitOf(position: number): string | null {
  return DIGITS[position] ?? null
}

/** Which place in the class list a key stands for: `Digit1` and `Numpad1` are 0, `Digit0` is 9. */
export function placeOf(code: string): number | null {
  const match = /^(?:Digit|Numpad)([0-9])$/.exec(code)
  if (!match?.[1]) return null
  return match[1] === "0" ? 9 : Number(match[1]) - 1
}
