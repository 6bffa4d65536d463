import { useEffect, useRef } from "react"

import { MiniMap, type Editor } from "../../../canvas"
import classes from "./draw.module.css"
import { strings } from "./strings"

/** The whole picture in a corner while only a part of it is on screen. */
export function Overview({ editor }: { editor: Editor }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (!canvas.current) return
    const map = new MiniMap(canvas.current, editor)
    return () => map.destroy()
  }, [editor])
  return <canvas ref={canvas} className={classes.map} aria-label={strings.overview} data-testid="overview" hidden />
}
