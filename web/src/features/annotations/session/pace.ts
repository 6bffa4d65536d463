/** How fast somebody works: seconds of activity, and labels a minute over the last few minutes. */

const IDLE_AFTER_S = 30
const WINDOW_MS = 5 * 60_000

/** Seconds of work between showing an image and answering it; a pause counts as `IDLE_AFTER_S` at most. */
export function activeSeconds(shownAt: number, answeredAt: number): number {
  return Math.min(Math.max((answeredAt - shownAt) / 1000, 0), IDLE_AFTER_S)
}

export interface Beat {
  at: number
  images: number
  active_s: number
}

/** Images a minute of active work over the last five minutes; null before there is anything to say. */
export function imagesPerMinute(beats: readonly Beat[], now: number): number | null {
  const recent = beats.filter((beat) => now - beat.at <= WINDOW_MS)
  const images = recent.reduce((sum, beat) => sum + beat.images, 0)
  const seconds = recent.reduce((sum, beat) => sum + beat.active_s, 0)
  if (images < 3 || seconds <= 0) return null
  return (images * 60) / seconds
}
