import { useEffect, useState } from "react"

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
