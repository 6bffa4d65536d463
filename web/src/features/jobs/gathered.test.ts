import { expect, test } from "vitest"

import type { Job } from "../../api/shared"
import { gathered } from "./gathered"

const job = (title: string, state: Job["state"] = "succeeded") => ({ title, state }) as Job

test("what ended well several times in a row is one line, and what failed stands alone", () => {
  const lines = gathered([job("Train"), job("Refresh"), job("Refresh"), job("Refresh", "failed"), job("Refresh", "failed"), job("Refresh"), job("Import")])
  expect(lines.map(({ job: { title, state }, count }) => `${title} ${state} ${count}`)).toEqual([
    "Train succeeded 1",
    "Refresh succeeded 2",
    "Refresh failed 1",
    "Refresh failed 1",
    "Refresh succeeded 1",
    "Import succeeded 1",
  ])
})
