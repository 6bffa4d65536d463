/** "23 November 2026, 14:05", in the reader's own time. */
export function day(at: string): string {
  return new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" })
}
