/** What is needed to paint a picture with what is drawn into it, small and still. */

import { useEffect, useState } from "react"

import type { ProjectClass } from "../../api/shared"
import type { Looks } from "../../canvas"

const NEW_CLASS = "#756c60"

/** How classes look; one that the project lacks as yet is grey. */
export function looksOf(classes: readonly ProjectClass[]): Looks {
  const find = (id: string) => classes.find((choice) => choice.id === id)
  return { colorOf: (id) => find(id)?.color ?? NEW_CLASS, labelOf: (id) => find(id)?.name ?? id, edgesOf: () => [] }
}

/** The picture once it has been loaded. */
export function usePicture(url: string): HTMLImageElement | null {
  const [loaded, setLoaded] = useState<HTMLImageElement | null>(null)
  useEffect(() => {
    const image = new Image()
    let isWanted = true
    image.onload = () => {
      if (isWanted) setLoaded(image)
    }
    image.src = url
    return () => {
      isWanted = false
    }
  }, [url])
  return loaded?.src.endsWith(url) ? loaded : null
}
