import { useQuery } from "@tanstack/react-query"

import { api, unwrap } from "../../../api/client"
import { previewUrl } from "../../../api/images"
import { key } from "../../../api/keys"
import type { ProjectClass } from "../../../api/shared"
import { paintStill, type DrawnObject } from "../../../canvas"
import { usePicture } from "../../../ui"
import styles from "../images.module.css"
import { looksOf } from "../still"
import { strings } from "../strings"

interface Props {
  projectId: string
  image: { id: string; name: string; width: number; height: number }
  classes: ReadonlyMap<string, ProjectClass>
  /** Pixels of the longer side. */
  longest: number
}

/** A picture with what is drawn into it. */
export function Drawing({ projectId, image, classes, longest }: Props) {
  const picture = usePicture(previewUrl(image.id))
  const objects = useObjects(projectId, image.id)
  const scale = longest / Math.max(image.width, image.height)
  const size = { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) }
  const paint = (canvas: HTMLCanvasElement | null) => {
    if (!canvas || !picture) return
    const shown = { source: picture, pixels: { width: picture.naturalWidth, height: picture.naturalHeight }, size: image }
    paintStill(canvas, shown, objects, looksOf([...classes.values()]), () => false)
  }
  return <canvas ref={paint} {...size} className={styles.preview} role="img" aria-label={`${image.name}: ${strings.objects(objects.length)}`} data-testid="drawing" />
}

function useObjects(projectId: string, imageId: string): readonly DrawnObject[] {
  const found = useQuery({
    queryKey: key(projectId, "annotations", "drawn", imageId),
    queryFn: ({ signal }) => unwrap(api.GET("/api/v1/images/{image_id}/objects", { params: { path: { image_id: imageId } }, signal })),
  })
  return (found.data?.objects ?? []) as unknown as readonly DrawnObject[]
}
