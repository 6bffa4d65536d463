import { expect, test } from "vitest"

import { STATIONS, stateOf, type Counts } from "./steps"

const counts = (change: Partial<Counts>): Counts => ({ images: 0, labelled: 0, versions: 0, runs: 0, models: 0, deployments: 0, ...change })

test("an empty project stands at the pictures", () => {
  expect(STATIONS.map((station) => stateOf(station, counts({}), "import"))).toEqual(["now", "later", "later", "later", "later", "later"])
})

test("what has been reached is done, and the next step is where one stands", () => {
  const states = STATIONS.map((station) => stateOf(station, counts({ images: 9, labelled: 5 }), "train"))
  expect(states).toEqual(["done", "done", "later", "now", "later", "later"])
})

test("doubtful pictures lead back to labelling", () => {
  expect(stateOf("label", counts({ images: 9, labelled: 9 }), "send_back")).toBe("now")
})
