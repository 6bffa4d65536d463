import { afterEach, expect, it, vi } from "vitest"
import { fetchPicture } from "./images"

const busy = () => new Response("{}", { status: 503, headers: { "Retry-After": "3" } })

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it("asks a busy server again, as late as it says", async () => {
  vi.useFakeTimers()
  const answers = [busy(), busy(), new Response("pixels")]
  const asked = vi.fn(() => Promise.resolve(answers.shift() ?? Response.error()))
  vi.stubGlobal("fetch", asked)
  const found = fetchPicture("/a")
  await vi.advanceTimersByTimeAsync(2900)
  expect(asked).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(3200)
  expect(await (await found).text()).toBe("pixels")
})

it("gives up in the server's words, and at once where asking again is of no use", async () => {
  const gone = { type: "/problems/image-not-found", title: "", status: 404, detail: "There is no such image." }
  const asked = vi.fn(() => Promise.resolve(Response.json(gone, { status: 404 })))
  vi.stubGlobal("fetch", asked)
  await expect(fetchPicture("/a")).rejects.toThrow("There is no such image.")
  expect(asked).toHaveBeenCalledTimes(1)
  vi.useFakeTimers()
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(busy())))
  const tired = expect(fetchPicture("/a")).rejects.toThrow("Try again")
  await vi.advanceTimersByTimeAsync(60_000)
  await tired
})

it("stops when nobody waits any more", async () => {
  const control = new AbortController()
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(busy())))
  const found = fetchPicture("/a", control.signal)
  const stopped = expect(found).rejects.toThrow("Nobody waits")
  await Promise.resolve()
  await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
  control.abort()
  await stopped
})
