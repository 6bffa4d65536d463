/** How pictures are looked at, remembered in this browser for each project. */

import { useEffect, useReducer } from "react"

import { PLAIN, type Adjustment, type Looking } from "../../../canvas"

const WAIT_MS = 300
const keyOf = (projectId: string) => `modelyard-light-${projectId}`

export function rememberedLight(projectId: string): Adjustment {
  try {
    return readLight(localStorage.getItem(keyOf(projectId)))
  } catch {
    return PLAIN // The store is forbidden.
  }
}

/** What was kept, as far as it can be understood: whatever else stands there never keeps a picture from being shown. */
export function readLight(text: string | null): Adjustment {
  try {
    const said = JSON.parse(text ?? "{}") as Record<keyof Adjustment, unknown>
    return {
      brightness: factor(said.brightness),
      contrast: factor(said.contrast),
      gamma: factor(said.gamma),
      byteWindow: ends(said.byteWindow),
      valueWindow: ends(said.valueWindow),
    }
  } catch {
    return PLAIN
  }
}

const factor = (value: unknown): number => (typeof value === "number" && value > 0 ? value : 1)

function ends(value: unknown): Adjustment["byteWindow"] {
  if (!Array.isArray(value)) return null
  const [low, high] = value as unknown[]
  return typeof low === "number" && typeof high === "number" ? [low, high] : null
}

/** Takes down what is chosen, a moment after the last change; the result stops it. */
export function rememberLight(projectId: string, of: Looking): () => void {
  let last = of.adjustment
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    try {
      localStorage.setItem(keyOf(projectId), JSON.stringify(last))
    } catch {
      // A full or forbidden store only means that the next visit begins as usual.
    }
  }
  const stop = of.follow(() => {
    if (of.adjustment === last) return
    last = of.adjustment
    clearTimeout(timer)
    timer = setTimeout(write, WAIT_MS)
  })
  window.addEventListener("pagehide", write)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener("pagehide", write)
    write()
  }
}

/** Draws a component anew when the picture, or how it is looked at, has changed. */
export function useLight(of: Looking): Adjustment {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    let last: unknown[] = []
    return of.follow(() => {
      const now = [of.adjustment, of.picture]
      if (now.every((part, i) => part === last[i])) return
      last = now
      redraw()
    })
  }, [of])
  return of.adjustment
}
