/** Numbers as people say them. */

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}

/** "93 of 100". */
export function ofHundred(value: number): string {
  return `${Math.round(value * 100)} of 100`
}

/** "between 89 and 98 of 100"; one number when both ends round to the same. */
export function betweenOfHundred(interval: readonly number[]): string {
  const [low = 0, high = 1] = interval.map((end) => Math.round(end * 100))
  return low === high ? `${low} of 100` : `between ${low} and ${high} of 100`
}
