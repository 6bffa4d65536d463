/** Numbers as people say them. */

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}

/** "94.9 %": one digit more, where the figure is what a page is about. Never 100 % of what is not all. */
export function exactly(value: number): string {
  const tenths = Math.round(value * 1000) / 10
  return `${tenths === 100 && value < 1 ? 99.9 : tenths} %`
}

/** "between 89 and 98 %"; one number when both ends round to the same. */
export function between(interval: readonly number[]): string {
  const [low = 0, high = 1] = interval.map((end) => Math.round(end * 100))
  return low === high ? `${low} %` : `between ${low} and ${high} %`
}
