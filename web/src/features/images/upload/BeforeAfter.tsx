import { Group, Loader, Stack, Text } from "@mantine/core"
import { previewUrl } from "../../../api/images"
import { useClasses, type ProjectClass } from "../../../api/shared"
import { paintStill, type DrawnObject, type Values } from "../../../canvas"
import { ClassDot, ErrorState, ValueChips, usePicture } from "../../../ui"
import styles from "../images.module.css"
import { looksOf } from "../still"
import { strings } from "../strings"
import { useChange, type ChangeSide } from "./changes"

const STILL = { width: 640, height: 480 }

interface Props {
  projectId: string
  importId: string
  imageId: string
}

/** One picture as it is and as an import would have it, side by side. What differs is drawn strongly. */
export function BeforeAfter({ projectId, importId, imageId }: Props) {
  const change = useChange(projectId, importId, imageId)
  const classes = useClasses(projectId).data ?? []
  const picture = usePicture(previewUrl(imageId))
  if (change.isError) return <ErrorState error={change.error} onRetry={() => void change.refetch()} />
  if (!change.data || !picture) return <Loader m="auto" aria-label={strings.changeLoading} />
  const { before, after, image } = change.data
  const size = { width: image.width, height: image.height }
  return (
    <Group align="flex-start" wrap="nowrap" grow gap="sm">
      <Side title={strings.before} side={before} other={after} classes={classes} picture={picture} size={size} />
      <Side title={strings.after} side={after} other={before} classes={classes} picture={picture} size={size} />
    </Group>
  )
}

interface SideProps {
  title: string
  side: ChangeSide
  other: ChangeSide
  classes: readonly ProjectClass[]
  picture: HTMLImageElement
  size: { width: number; height: number }
}

function Side({ title, side, other, classes, picture, size }: SideProps) {
  const objects = toDrawn(side)
  const against = new Map(toDrawn(other).map((object) => [object.id, JSON.stringify(object)]))
  const paint = (canvas: HTMLCanvasElement | null) => {
    const pixels = { width: picture.naturalWidth, height: picture.naturalHeight }
    if (canvas) paintStill(canvas, { source: picture, pixels, size }, objects, looksOf(classes), (object) => against.get(object.id) !== JSON.stringify(object))
  }
  const name = classes.find((choice) => choice.id === side.class_id)
  const [values, others] = [side.attributes as Values, other.attributes as Values]
  const isDescribed = Object.keys(values).length + Object.keys(others).length > 0
  return (
    <Stack gap={6} className={styles.side}>
      <Group gap={8} wrap="nowrap">
        <Text fw={600}>{title}</Text>
        {name && <ClassDot color={name.color} />}
        <Text size="sm" c="dimmed" truncate>
          {side.answer === "class" ? (name?.name ?? side.class_name) : side.answer === "objects" ? strings.objects(objects.length) : (strings.answers[side.answer] ?? side.answer)}
        </Text>
      </Group>
      {isDescribed && <ValueChips values={values} against={others} none={strings.noAttributes} />}
      <canvas ref={paint} {...STILL} className={styles.still} aria-label={`${title}: ${strings.objects(objects.length)}`} />
    </Stack>
  )
}

/** A class that the project lacks as yet stands under its name. */
function toDrawn(side: ChangeSide): DrawnObject[] {
  const drawn = side.objects.map(({ object_id, class_id, class_name, shape, attributes, z }) => ({ id: object_id, class_id: class_id ?? class_name, shape, attributes, z }))
  return drawn as unknown as DrawnObject[]
}
