import { ActionIcon, Divider, Tooltip } from "@mantine/core"
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBrush,
  IconBucketDroplet,
  IconCircleDot,
  IconContrast,
  IconEraser,
  IconHandStop,
  IconHierarchy,
  IconLine,
  IconMaximize,
  IconOvalVertical,
  IconPointer,
  IconPolygon,
  IconSquare,
  IconSquareRotated,
  IconWand,
} from "@tabler/icons-react"

import type { Editor, ToolName } from "../../../canvas"
import { useKeyOf } from "../../../keymap"
import { Adjust } from "./Adjust"
import classes from "./draw.module.css"
import { strings } from "./strings"

const ICONS: Record<ToolName, typeof IconPointer> = {
  select: IconPointer,
  hand: IconHandStop,
  box: IconSquare,
  turnedBox: IconSquareRotated,
  polygon: IconPolygon,
  ellipse: IconOvalVertical,
  polyline: IconLine,
  point: IconCircleDot,
  keypoints: IconHierarchy,
  brush: IconBrush,
  eraser: IconEraser,
  fill: IconBucketDroplet,
  smart: IconWand,
  window: IconContrast,
}

const OF_WHOLE = ["hand", "window", "undo", "redo", "fit", "plainLight"] as const
type WholeAction = (typeof OF_WHOLE)[number]
const isOfWholeToo = (name: string): name is WholeAction => (OF_WHOLE as readonly string[]).includes(name)

interface Props {
  editor: Editor
  tools: readonly ToolName[]
  /** Pictures have classes, and nothing is drawn. */
  isOfWhole: boolean
}

/** The tools down the left side, each with its key in the tooltip. */
export function Toolbar({ editor, tools, isOfWhole }: Props) {
  const { board } = editor
  const [drawKey, wholeKey] = [useKeyOf("draw"), useKeyOf("whole")]
  const keyOf = (name: ToolName | WholeAction) => (!isOfWhole ? drawKey(name) : isOfWholeToo(name) ? wholeKey(name) : null)
  return (
    <div className={classes.tools} role="toolbar" aria-label={strings.toolbar} aria-orientation="vertical">
      {tools.map((name) => {
        const Icon = ICONS[name]
        return <Tool key={name} label={strings.tools[name]} keys={keyOf(name)} isOn={editor.toolName === name} onClick={() => editor.setTool(name)} icon={<Icon size={20} stroke={1.6} />} />
      })}
      {tools.length > 0 && <Divider my={4} />}
      <Tool label={strings.undo} keys={keyOf("undo")} isDisabled={!board.canUndo} onClick={() => editor.undo()} icon={<IconArrowBackUp size={20} stroke={1.6} />} />
      <Tool label={strings.redo} keys={keyOf("redo")} isDisabled={!board.canRedo} onClick={() => board.redo()} icon={<IconArrowForwardUp size={20} stroke={1.6} />} />
      <Tool label={strings.fit} keys={keyOf("fit")} onClick={() => editor.camera.fit()} icon={<IconMaximize size={20} stroke={1.6} />} />
      <Adjust editor={editor} resetKey={keyOf("plainLight")} />
    </div>
  )
}

interface ToolProps {
  label: string
  keys?: string | null
  isOn?: boolean
  isDisabled?: boolean
  onClick: () => void
  icon: React.ReactNode
}

function Tool({ label, keys, isOn = false, isDisabled = false, onClick, icon }: ToolProps) {
  return (
    <Tooltip label={keys ? `${label} (${keys})` : label} position="right">
      <ActionIcon size={38} variant={isOn ? "filled" : "subtle"} color={isOn ? undefined : "gray"} aria-label={label} aria-pressed={isOn} disabled={isDisabled} onClick={onClick} onMouseDown={(event) => event.preventDefault()}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
