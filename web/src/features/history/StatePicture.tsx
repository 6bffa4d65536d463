import { Badge, Group, Stack, Text } from "@mantine/core"

import { previewUrl } from "../../api/images"
import { paintStill, type DrawnObject, type Looks } from "../../canvas"
import { ClassDot, usePicture, ValueChips } from "../../ui"
import styles from "./history.module.css"
import type { ImageState } from "./queries"
import { strings } from "./strings"

const LONGEST_PX = 1200
const CHANGES = ["added", "changed", "removed"] as const
const MARKS = { added: "+", changed: "~", removed: "−" } as const
const COLORS = { added: "#2f9e44", changed: "#e8a200", removed: "#d6336c" } as const
const OLD = "#756c60"

interface Props {
  picture: { id: string; name: string; width: number; height: number }
  state: ImageState
}

/** The picture in a state: what is new in it, other than before, or gone since, stands out by colour and by a mark. */
export function StatePicture({ picture, state }: Props) {
  const source = usePicture(previewUrl(picture.id))
  const scale = LONGEST_PX / Math.max(picture.width, picture.height)
  const size = { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) }
  const paint = (canvas: HTMLCanvasElement | null) => {
    if (!canvas || !source) return
    const shown = { source, pixels: { width: source.naturalWidth, height: source.naturalHeight }, size: picture }
    paintStill(canvas, shown, marked(state), looksOf(state), ({ class_id }) => class_id.includes(":"))
  }
  return (
    <Stack gap="xs">
      <Said state={state} />
      <canvas ref={paint} {...size} className={styles.picture} role="img" aria-label={`${picture.name}: ${strings.counted(state.objects.length)}`} data-testid="state-picture" data-painted={source !== null} />
    </Stack>
  )
}

/** What was said of the picture as a whole, and how many objects are new, other or gone. */
function Said({ state }: { state: ImageState }) {
  const found = state.classes.find(({ id }) => id === state.class_id)
  const whole = state.objects.filter(({ shape }) => shape.type === "whole")
  const values = state.attributes as Record<string, boolean | number | string>
  return (
    <Group gap="xs" data-testid="state-said">
      <Text size="sm" c="dimmed">
        {strings.what}
      </Text>
      {found && <ClassDot color={found.color} />}
      <Text fw={600}>{found?.name ?? strings.answers[state.answer] ?? state.answer}</Text>
      {whole.map(({ id, class_id, change }) => (
        <Badge key={id} variant="light" tt="none" color={change === "removed" ? "gray" : "pine"} td={change === "removed" ? "line-through" : undefined}>
          {state.classes.find((entry) => entry.id === class_id)?.name}
        </Badge>
      ))}
      {Object.keys(values).length > 0 && <ValueChips values={values} none="" />}
      {CHANGES.map((change) => {
        const count = state.objects.filter((entry) => entry.change === change && entry.shape.type !== "whole").length
        if (count === 0) return null
        return (
          <Badge key={change} variant="outline" tt="none" leftSection={<ClassDot color={COLORS[change]} size={10} />} color="gray">
            {MARKS[change]} {count.toLocaleString()} {strings.changes[change]}
          </Badge>
        )
      })}
    </Group>
  )
}

/** Objects with what became of them in place of their class, so that they are painted by it. */
function marked(state: ImageState): readonly DrawnObject[] {
  return state.objects.map((entry) => ({ ...entry, class_id: entry.change === "kept" ? entry.class_id : `${entry.change}:${entry.class_id}` })) as unknown as readonly DrawnObject[]
}

function looksOf(state: ImageState): Looks {
  const split = (id: string) => (id.includes(":") ? (id.split(":") as [keyof typeof COLORS, string]) : ([null, id] as const))
  const find = (id: string) => state.classes.find((entry) => entry.id === id)
  return {
    colorOf: (id) => {
      const [change, classId] = split(id)
      return change ? COLORS[change] : (find(classId)?.color ?? OLD)
    },
    labelOf: (id) => {
      const [change, classId] = split(id)
      return `${change ? `${MARKS[change]} ` : ""}${find(classId)?.name ?? ""}`
    },
    edgesOf: () => [],
  }
}
