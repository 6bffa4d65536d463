import { kindOf, type Shape } from "../shapes"

/** Corners closer than this are one corner on screen. */
const GRAIN_PX = 0.75
const paths = new WeakMap<Shape, { path: Path2D; grain: number }>()

/** The outline of a shape, as fine as `scale` can show. */
export function pathOf(shape: Shape, scale: number): Path2D {
  const grain = 2 ** Math.floor(Math.log2(GRAIN_PX / scale))
  const known = paths.get(shape)
  if (known?.grain === grain) return known.path
  const path = new Path2D()
  kindOf(shape).trace(shape, path, grain)
  paths.set(shape, { path, grain })
  return path
}
