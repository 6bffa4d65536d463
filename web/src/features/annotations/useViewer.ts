import { useCallback, useState } from "react"

import { Viewer } from "../../canvas"
import { rememberedLight, rememberLight } from "./draw/light"

/** Through which pictures of a project are looked at, with the light that was chosen last. */
export function useViewer(projectId: string): { viewer: Viewer | null; attach: (host: HTMLElement | null) => (() => void) | undefined } {
  const [viewer, setViewer] = useState<Viewer | null>(null)
  const attach = useCallback(
    (host: HTMLElement | null) => {
      if (!host?.parentElement) return undefined
      const made = new Viewer(host, host.parentElement)
      made.adjust(rememberedLight(projectId))
      const stop = rememberLight(projectId, made)
      setViewer(made)
      return () => {
        stop()
        made.destroy()
        setViewer(null)
      }
    },
    [projectId],
  )
  return { viewer, attach }
}
