import { expect, test } from "vitest"

import { foldersOf, isIgnored } from "./collect"
import { batches, plan } from "./plan"

const picked = (name: string, size: number) => ({ name, file: new File([new Uint8Array(size)], name) })
const known = (name: string, size_bytes: number, received_bytes: number, state: string) => ({ id: `id-${name}`, name, size_bytes, received_bytes, state })

test("files dropped again go on where they stopped, and what arrived is skipped", () => {
  const files = [picked("a.jpg", 10), picked("b.jpg", 20), picked("c.jpg", 30)]
  const result = plan(files, [known("a.jpg", 10, 10, "received"), known("b.jpg", 20, 8, "receiving"), known("c.jpg", 30, 0, "receiving")])
  expect([result.skipped, result.skippedBytes]).toEqual([1, 18])
  expect(result.rest.map(({ id, offset }) => [id, offset])).toEqual([
    ["id-b.jpg", 8],
    ["id-c.jpg", 0],
  ])
})

test("the system's own files are not pictures", () => {
  expect(["a/.DS_Store", "Thumbs.db", "__MACOSX/x.jpg", ".git/config"].every(isIgnored)).toBe(true)
  expect(isIgnored("apples/IMG_1.jpg")).toBe(false)
})

test("the folder right above a file names its class", () => {
  expect(foldersOf([picked("set/bun/1.jpg", 1), picked("set/roll/2.jpg", 1), picked("3.jpg", 1)])).toEqual(["bun", "roll"])
})

test("batches cover everything once", () => {
  expect(batches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(batches([], 2)).toEqual([])
})
