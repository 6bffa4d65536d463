import { describe, expect, it } from "vitest"

import { bodyOf, changed, draftOf, faulty, joined, moved, partner, replaced, touchesObjects, withEdge, withJoint, withoutJoint, withPair, type Skeleton } from "./draft"
import { PRESETS } from "./presets"

const ARM: Skeleton = { points: ["shoulder", "elbow", "wrist"], edges: [[0, 1], [1, 2]], pairs: [[0, 2]], layout: [[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]] }
const arm = () => draftOf(ARM, true)

describe("a skeleton in the editor", () => {
  it("is saved as it was, if nothing is done", () => {
    expect(bodyOf(arm())).toEqual({ skeleton: ARM, was: [0, 1, 2] })
    expect(touchesObjects(arm(), ARM)).toBe(false)
    expect(touchesObjects(changed(arm(), 0, { name: "Schulter", x: 5 }), ARM)).toBe(false)
  })
  it("keeps lines and pairs at their points when others go or change places", () => {
    expect(bodyOf(withoutJoint(arm(), 0))).toMatchObject({ skeleton: { points: ["elbow", "wrist"], edges: [[0, 1]], pairs: [] }, was: [1, 2] })
    const swapped = moved(arm(), 0, 1)
    expect(bodyOf(swapped)).toMatchObject({ skeleton: { points: ["elbow", "shoulder", "wrist"], edges: [[1, 0], [0, 2]], pairs: [[1, 2]] }, was: [1, 0, 2] })
    expect(touchesObjects(swapped, ARM)).toBe(true)
    expect(moved(arm(), 0, -1)).toEqual(arm())
  })
  it("gets points with names of their own, on the drawing and never outside it", () => {
    const more = withJoint(withJoint(arm()), 2, -1)
    expect(more.joints.slice(3)).toMatchObject([{ name: "point 4", was: null }, { name: "point 5", x: 1, y: 0 }])
    expect(faulty(more).size).toBe(0)
    expect([...faulty(changed(more, 4, { name: " ELBOW " }))]).toEqual([4])
    expect([...faulty(changed(more, 1, { name: " " }))]).toEqual([1])
  })
  it("joins and parts, and pairs each point with one other", () => {
    expect(joined(withEdge(arm(), 0, 2), 2)).toEqual([1, 0])
    expect(joined(withEdge(arm(), 1, 0), 1)).toEqual([2])
    const paired = withPair(arm(), 1, 2)
    expect([partner(paired, 0), partner(paired, 1), partner(paired, 2)]).toEqual([null, 2, 1])
    expect(withPair(paired, 2, null).pairs).toEqual([])
  })
  it("takes presets that hold together, and knows points by their names", () => {
    for (const { skeleton } of PRESETS) {
      const count = skeleton.points.length
      expect(faulty(draftOf(skeleton, false)).size).toBe(0)
      expect(skeleton.layout?.length).toBe(count)
      expect([...(skeleton.edges ?? []), ...(skeleton.pairs ?? [])].flat().every((at) => at >= 0 && at < count)).toBe(true)
      expect(skeleton.layout?.flat().every((value) => value >= 0 && value <= 1)).toBe(true)
    }
    expect(replaced(arm(), { points: ["Wrist", "tip"] }).joints.map(({ was }) => was)).toEqual([2, null])
  })
  it("is taken away when no point is left", () => {
    expect(bodyOf({ joints: [], edges: [], pairs: [] })).toEqual({ skeleton: null })
  })
})
