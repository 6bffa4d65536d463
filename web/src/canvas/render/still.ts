/** A picture with objects on it, small and still: to compare two drawings side by side. */

import type { DrawnObject } from "../document/document"
import { isUnseen } from "../document/whole"
import type { Shown } from "../picture/picture"
import { paintObject } from "./renderer"
import { paintedOf, type Looks } from "./scene"

/** Paints into `canvas`, at its own size; `isStrong` says which objects stand out. */
export function paintStill(canvas: HTMLCanvasElement, shown: Shown, objects: readonly DrawnObject[], looks: Looks, isStrong: (object: DrawnObject) => boolean): void {
  const context = canvas.getContext("2d")
  if (!context) return
  const scale = Math.min(canvas.width / shown.size.width, canvas.height / shown.size.height)
  const [x, y] = [(canvas.width - shown.size.width * scale) / 2, (canvas.height - shown.size.height * scale) / 2]
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.setTransform(scale, 0, 0, scale, x, y)
  context.drawImage(shown.source, 0, 0, shown.size.width, shown.size.height)
  for (const object of objects.filter((entry) => !isUnseen(entry))) paintObject(context, paintedOf(object, looks), scale, isStrong(object))
}
