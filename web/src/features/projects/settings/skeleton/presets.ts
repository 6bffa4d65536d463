/** Skeletons to begin with. */

import type { Skeleton } from "./draft"

const PERSON = ["nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"]

/** The left of who is seen from the front is on the right of the picture. */
const PERSON_LAYOUT = [[50, 12], [54, 9], [46, 9], [59, 11], [41, 11], [64, 26], [36, 26], [72, 40], [28, 40], [76, 54], [24, 54], [59, 54], [41, 54], [60, 73], [40, 73], [61, 92], [39, 92]]

const FINGERS = ["thumb", "index", "middle", "ring", "little"]

const PARTS = ["base", "middle", "joint", "tip"]

const hundredths = (places: number[][]) => places.map((place) => place.map((value) => value / 100))

const hand = (): Skeleton => ({
  points: ["wrist", ...FINGERS.flatMap((finger) => PARTS.map((part) => `${finger} ${part}`))],
  edges: FINGERS.flatMap((_, finger) => PARTS.map((_part, part) => [part === 0 ? 0 : 4 * finger + part, 4 * finger + part + 1])),
  pairs: [],
  layout: [[0.5, 0.95], ...FINGERS.flatMap((_, finger) => PARTS.map((_part, part) => [0.18 + 0.16 * finger, 0.72 - 0.05 * (2 - Math.abs(finger - 2)) - 0.15 * part]))],
})

export const PRESETS: readonly { title: string; skeleton: Skeleton }[] = [
  {
    title: "Person, 17 points (COCO)",
    skeleton: {
      points: PERSON,
      edges: [[15, 13], [13, 11], [16, 14], [14, 12], [11, 12], [5, 11], [6, 12], [5, 6], [5, 7], [6, 8], [7, 9], [8, 10], [1, 2], [0, 1], [0, 2], [1, 3], [2, 4], [3, 5], [4, 6]],
      pairs: [1, 3, 5, 7, 9, 11, 13, 15].map((at) => [at, at + 1]),
      layout: hundredths(PERSON_LAYOUT),
    },
  },
  { title: "Hand, 21 points", skeleton: hand() },
  {
    title: "Face, 5 points",
    skeleton: { points: ["left_eye", "right_eye", "nose", "left_mouth", "right_mouth"], edges: [], pairs: [[0, 1], [3, 4]], layout: hundredths([[66, 35], [34, 35], [50, 55], [62, 75], [38, 75]]) },
  },
  {
    title: "Four corners",
    skeleton: { points: ["top left", "top right", "bottom right", "bottom left"], edges: [[0, 1], [1, 2], [2, 3], [3, 0]], pairs: [[0, 1], [2, 3]], layout: hundredths([[20, 20], [80, 20], [80, 80], [20, 80]]) },
  },
]
