/** How pictures are looked at, remembered in this browser for each project. */

import { useEffect, useReducer } from "react"

import { PLAIN, type Adjustment, type Editor } from "../../../canvas"

const WAIT_MS = 300
const keyOf = (projectId: string) => `modelyard-light-${projectId}`

export function rememberedLight(projectId: string): Adjustment {
  try {
    return { ...PLAIN, ...(JSON.parse(localStorage.getItem(keyOf(projectId)) ?? "{}") as Partial<Adjustment>) }
  } catch {
    return PLAIN
  }
}

/** Takes down what is chosen, a moment after the last change; the result stops it. */
export function rememberLight(projectId: string, editor: Editor): () => void {
  let last = editor.adjustment
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    try {
      localStorage.setItem(keyOf(projectId), JSON.stringify(last))
    } catch {
      // A full or forbidden store only means that the next visit begins as usual.
    }
  }
  const stop = editor.follow(() => {
    if (editor.adjustment === last) return
    last = editor.adjustment
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
export function useLight(editor: Editor): Adjustment {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    let last: unknown[] = []
    return editor.follow(() => {
      const now = [editor.adjustment, editor.picture]
      if (now.every((part, i) => part === last[i])) return
      last = now
      redraw()
    })
  }, [editor])
  return editor.adjustment
}
