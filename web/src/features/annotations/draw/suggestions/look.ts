/** From which score on suggestions are shown, and whether at all: kept in this browser, project by project. */

import { useCallback, useState } from "react"

export interface Look {
  leastScore: number
  isShown: boolean
}

const DEFAULT: Look = { leastScore: 0.4, isShown: true }
const name = (projectId: string) => `modelyard.suggestions.${projectId}`

export function readLook(text: string | null): Look {
  try {
    const said = JSON.parse(text ?? "{}") as Partial<Look>
    const score = typeof said.leastScore === "number" && said.leastScore >= 0 && said.leastScore <= 1 ? said.leastScore : DEFAULT.leastScore
    return { leastScore: score, isShown: said.isShown !== false }
  } catch {
    return DEFAULT
  }
}

export function useLook(projectId: string): [Look, (change: Partial<Look>) => void] {
  const [look, setLook] = useState(() => readLook(localStorage.getItem(name(projectId))))
  const change = useCallback(
    (part: Partial<Look>) =>
      setLook((before) => {
        const next = { ...before, ...part }
        localStorage.setItem(name(projectId), JSON.stringify(next))
        return next
      }),
    [projectId],
  )
  return [look, change]
}
