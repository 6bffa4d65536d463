import { Button, Group, SegmentedControl, Switch } from "@mantine/core"

import type { ProjectClass } from "../../../api/shared"
import type { Editor, Form, ToolName } from "../../../canvas"
import classes from "./draw.module.css"
import { Hint, Measure } from "./Measure"
import { skeletonOf } from "./skeletons"
import { SmartOptions } from "./smart/SmartOptions"
import type { Smart } from "./smart/useSmart"
import { strings } from "./strings"

const { options } = strings
const HINTS: Partial<Record<ToolName, string>> = options.hints

interface Props {
  editor: Editor | null
  choices: readonly ProjectClass[]
  /** What the smart tool may make of what it finds. */
  forms: readonly Form[]
  smart: Smart
}

/** One line above the picture: how the tool in hand works, and what can be made of what is selected. Its height never changes. */
export function OptionsBar({ editor, choices, forms: smartForms, smart }: Props) {
  if (!editor) return <div className={classes.options} />
  const forms = formsOf(editor)
  return (
    <div className={classes.options} data-testid="options">
      {editor.toolName === "smart" ? (
        <SmartOptions editor={editor} forms={smartForms} smart={smart} />
      ) : (
        !(editor.toolName === "select" && forms.canChange) && <ToolOptions editor={editor} choices={choices} />
      )}
      {forms.canChange && editor.toolName !== "smart" && <FormOptions editor={editor} {...forms} />}
    </div>
  )
}

function ToolOptions({ editor, choices }: { editor: Editor; choices: readonly ProjectClass[] }) {
  const { board, toolName } = editor
  if (toolName === "box")
    return (
      <>
        <SegmentedControl size="xs" aria-label={options.boxBy} value={board.settings.boxBy} onChange={(value) => board.set({ boxBy: value === "extremes" ? "extremes" : "corners" })} data={[{ value: "corners", label: options.corners }, { value: "extremes", label: options.extremes }]} />
        <Switch size="xs" label={options.guides} checked={board.settings.showsGuides} onChange={(event) => board.set({ showsGuides: event.currentTarget.checked })} />
      </>
    )
  if (toolName === "brush" || toolName === "eraser") {
    const size = Math.round(2 * board.settings.brushRadius)
    // Sizes grow by ratio: one step of the slider means as much for a small brush as for a large one.
    return <Measure label={strings.brushSize} shown={`${size} px`} value={Math.log2(size)} min={1} max={9.6} step={0.1} onChange={(value) => board.set({ brushRadius: 2 ** value / 2 })} hint={board.isLayered ? options.layers[toolName] : ""} />
  }
  if (toolName === "fill") return <Measure label={options.fillTolerance} shown={`${board.settings.fillTolerance}`} value={board.settings.fillTolerance} min={0} max={128} step={1} onChange={(fillTolerance) => board.set({ fillTolerance })} />
  if (toolName === "keypoints") return <Hint text={jointHint(editor, choices)} />
  return <Hint text={toolName === "select" && board.proposals.size > 0 ? options.verify : (HINTS[toolName] ?? "")} />
}

function jointHint(editor: Editor, choices: readonly ProjectClass[]): string {
  const skeleton = skeletonOf(choices.find(({ id }) => id === editor.board.classId))
  if (!skeleton) return options.noSkeleton
  return options.nextJoint(skeleton.points[editor.nextJoint ?? 0] ?? "", (editor.nextJoint ?? 0) + 1, skeleton.points.length)
}

function formsOf({ board }: Editor) {
  const kinds = new Set([...board.selection].map((id) => board.objects.get(id)?.shape.type))
  const [hasMask, hasOutline] = [kinds.has("mask"), kinds.has("polygon") || kinds.has("ellipse")]
  return { hasMask, hasOutline, canChange: hasMask || hasOutline }
}

/** Masks become polygons, and what has an outline becomes a mask. */
function FormOptions({ editor, hasMask, hasOutline }: { editor: Editor; hasMask: boolean; hasOutline: boolean }) {
  const { board } = editor
  const { outlineTolerance } = board.settings
  return (
    <Group gap="xs" wrap="nowrap" ml="auto">
      {hasMask && (
        <>
          <Measure label={options.tolerance} shown={`${outlineTolerance} px`} value={outlineTolerance} min={0} max={10} step={0.5} onChange={(value) => board.set({ outlineTolerance: value })} />
          <Button size="compact-xs" variant="default" onClick={() => board.convert("polygon")}>
            {options.toPolygon}
          </Button>
        </>
      )}
      {hasOutline && (
        <Button size="compact-xs" variant="default" onClick={() => board.convert("mask")}>
          {options.toMask}
        </Button>
      )}
    </Group>
  )
}
