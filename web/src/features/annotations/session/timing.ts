/** From keystroke to the next picture on screen, as the browser itself measures it. */

const KEY = "label:key"

/** Name under which `performance.getEntriesByName` holds the times in milliseconds. */
export const KEY_TO_PICTURE = "label:key-to-picture"

let pressed = false

export function keyPressed(at: number = performance.now()): void {
  performance.clearMarks(KEY)
  performance.mark(KEY, { startTime: at })
  pressed = true
}

export function pictureShown(imageId: string): void {
  if (!pressed) return
  pressed = false
  performance.measure(KEY_TO_PICTURE, { start: KEY, end: performance.now(), detail: { imageId } })
}
