/** Turns of a wheel, and two fingers on a trackpad (which browsers say as a wheel with Ctrl), as factors of zoom. */

const A_PIXEL = 1.0016
/** Trackpads say a pinch in much smaller numbers than a wheel says a notch. */
const PINCH = 6
const UNITS = [1, 16, 400]
/** However fast a wheel spins, one event zooms by so much at most. */
const MOST_PX = 480

export function zoomOf({ deltaY, deltaMode, ctrlKey }: Pick<WheelEvent, "deltaY" | "deltaMode" | "ctrlKey">): number {
  const pixels = deltaY * (UNITS[deltaMode] ?? 1)
  const isPinch = ctrlKey && Math.abs(pixels) < 50
  return A_PIXEL ** -Math.max(-MOST_PX, Math.min(MOST_PX, isPinch ? pixels * PINCH : pixels))
}
