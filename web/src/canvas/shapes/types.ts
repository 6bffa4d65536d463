/** What every kind of shape must know of itself, and the shapes as the API says them. */

import type { ImagePoint, Rect } from "../geometry/points"

export interface BoxShape {
  type: "box"
  x1: number
  y1: number
  x2: number
  y2: number
  /** Degrees clockwise about the middle. */
  angle: number
}

/** Rings of x, y, x, y, …; a point is inside where it is inside an odd number of rings. */
export interface PolygonShape {
  type: "polygon"
  rings: number[][]
}

export interface EllipseShape {
  type: "ellipse"
  cx: number
  cy: number
  rx: number
  ry: number
  angle: number
}

/** A crop of the picture: COCO's compressed run lengths, column by column. */
export interface MaskShape {
  type: "mask"
  x: number
  y: number
  width: number
  height: number
  counts: string
}

export interface KeypointsShape {
  type: "keypoints"
  points: [number, number, number][]
}

export interface PolylineShape {
  type: "polyline"
  points: number[]
}

export interface PointShape {
  type: "point"
  x: number
  y: number
}

/** The whole picture: said of it, and not of a part. */
export interface WholeShape {
  type: "whole"
}

export type Shape = BoxShape | PolygonShape | EllipseShape | MaskShape | KeypointsShape | PolylineShape | PointShape | WholeShape

/** A place to grab a shape at. */
export interface Handle {
  at: ImagePoint
  /** What the mouse pointer looks like over it. */
  cursor: string
  /** Not a corner of the shape: grabbing it makes one (or turns the shape). */
  isExtra?: boolean
  /** Is left out where what it belongs to is so short on screen that it would be in the way; pixels of the picture. */
  room?: number
  /** Has a place in the order of handles only: nobody sees or grabs it. */
  isAbsent?: boolean
}

export interface ShapeKind<S extends Shape> {
  /** It lies nowhere: it is not painted, and cannot be found by where it is. */
  isUnseen?: true
  bounds(shape: S): Rect
  /** Whether a click at `p` means this shape; `slack` pixels beside its edge still do. */
  hit(shape: S, p: ImagePoint, slack: number): boolean
  translate(shape: S, dx: number, dy: number): S
  handles(shape: S): Handle[]
  /** The shape after its handle `index` was dragged to `to`. */
  moveHandle(shape: S, index: number, to: ImagePoint): S
  /** Grabbing an extra handle may make a corner: the shape with it, and the index to go on with. */
  grab?(shape: S, index: number): { shape: S; index: number }
  /** The shape after Alt and a click on a handle: without that corner, or with a point hidden; null where it cannot be. */
  removeHandle?(shape: S, index: number): S | null
  /** Adds its outline to a path in pixels of the picture; corners closer than `grain` to each other may be left out. */
  trace(shape: S, path: Path2D, grain: number): void
  /** Paints what a path cannot say, in pixels of the picture. */
  paint?(shape: S, context: CanvasRenderingContext2D, color: string, isActive: boolean): void
  /** Too small to have been meant. */
  isTiny(shape: S): boolean
}
