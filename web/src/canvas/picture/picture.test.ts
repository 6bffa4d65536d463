import { describe, expect, it } from "vitest"

import { automatic, dragged, lookup, type Display } from "./greys"
import { levelFor, oneTile, placesIn, rectOf, tilingOf } from "./tiling"

const HU: Display = { channels: 1, slope: 1, intercept: -1024, low: -1024, high: 3071, unit: "HU", is_inverted: false, windows: [{ name: "file 1", low: -160, high: 239 }] }

describe("tiles", () => {
  const tiling = tilingOf({ width: 10_000, height: 6000 })

  it("has as many levels as it takes until one tile is enough", () => {
    expect([tilingOf({ width: 512, height: 9 }).levels, tilingOf({ width: 513, height: 9 }).levels, tiling.levels]).toEqual([1, 2, 6])
    expect(oneTile({ width: 4000, height: 3000 })).toEqual({ width: 4000, height: 3000, side: 4000, levels: 1 })
  })

  it("takes the coarsest level that has a pixel for each of the screen", () => {
    expect([2, 1, 0.51, 0.5, 0.26, 0.25, 1e-3].map((scale) => levelFor(tiling, scale))).toEqual([0, 0, 0, 1, 1, 2, 5])
  })

  it("covers the picture without gaps, and ends with it", () => {
    for (let level = 0; level < tiling.levels; level++) {
      const places = placesIn(tiling, level, { x1: -50, y1: -50, x2: 20_000, y2: 20_000 })
      const area = places.map((place) => rectOf(tiling, place)).reduce((sum, { x1, y1, x2, y2 }) => sum + (x2 - x1) * (y2 - y1), 0)
      expect(area).toBe(60_000_000)
    }
  })

  it("asks for the middle first, and for nothing outside", () => {
    expect(placesIn(tiling, 0, { x1: 1000, y1: 1000, x2: 2600, y2: 2600 })[0]).toEqual({ level: 0, column: 3, row: 3 })
    expect(placesIn(tiling, 0, { x1: -900, y1: -900, x2: -10, y2: -10 })).toEqual([])
  })
})

describe("greys", () => {
  it("spreads the window from black to white, and turns it where low is bright", () => {
    const greys = (display: Display) => [0, 864, 1063, 1263, 65_535].map((step) => lookup(display, [-160, 239])[step])
    expect(greys(HU)).toEqual([0, 0, 127, 255, 255])
    expect(greys({ ...HU, is_inverted: true })).toEqual([255, 255, 128, 0, 0])
  })

  it("becomes wider sideways and moves up and down, in proportion", () => {
    expect(dragged([0, 100], 0, 40)).toEqual([10, 110])
    const [low, high] = dragged([0, 100], 240, 0)
    expect([low + high, (high - low) / 100]).toEqual([100, Math.E].map((value): unknown => expect.closeTo(value, 6)))
  })

  it("finds the window of a dark picture", () => {
    const data = new Uint8ClampedArray(4 * 1000).fill(20)
    for (let i = 0; i < 500; i++) data.fill(60, 4 * i, 4 * i + 4)
    data.fill(255, 0, 4)
    expect(automatic(data)).toEqual([20, 60])
    expect(automatic(new Uint8ClampedArray(400).fill(7))).toEqual([0, 255])
  })
})
