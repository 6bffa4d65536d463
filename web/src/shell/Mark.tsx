/** The mark: a loop with one bright point on it. */
export function Mark({ size = 26 }: { size?: number }) {
  return <img src="/mark.svg" alt="" width={size} height={size} />
}
