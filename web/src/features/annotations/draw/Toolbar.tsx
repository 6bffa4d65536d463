import { ActionIcon, Divider, Popover, Slider, Stack, Text, Button, Tooltip } from "@mantine/core"
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBrush,
  IconCircleDot,
  IconEraser,
  IconHandStop,
  IconLine,
  IconMaximize,
  IconOvalVertical,
  IconPointer,
  IconPolygon,
  IconSquare,
  IconSun,
} from "@tabler/icons-react"
import { useState } from "react"

import { PLAIN, type Adjustment, type Editor, type ToolName } from "../../../canvas"
import classes from "./draw.module.css"
import { strings } from "./strings"
import { TOOL_KEYS } from "./useDrawKeys"

const ICONS: Record<ToolName, typeof IconPointer> = {
  select: IconPointer,
  hand: IconHandStop,
  box: IconSquare,
  polygon: IconPolygon,
  ellipse: IconOvalVertical,
  polyline: IconLine,
  point: IconCircleDot,
  brush: IconBrush,
  eraser: IconEraser,
}

/** The tools down the left side, each with its key in the tooltip. */
export function Toolbar({ editor, tools }: { editor: Editor; tools: readonly ToolName[] }) {
  const { board } = editor
  const isPainting = editor.toolName === "brush" || editor.toolName === "eraser"
  return (
    <div className={classes.tools} role="toolbar" aria-label={strings.toolbar} aria-orientation="vertical">
      {tools.map((name) => {
        const Icon = ICONS[name]
        return <Tool key={name} label={strings.tools[name]} keys={TOOL_KEYS[name]} isOn={editor.toolName === name} onClick={() => editor.setTool(name)} icon={<Icon size={20} stroke={1.6} />} />
      })}
      <Divider my={4} />
      <Tool label={strings.undo} keys="Ctrl+Z" isDisabled={!board.canUndo} onClick={() => board.undo()} icon={<IconArrowBackUp size={20} stroke={1.6} />} />
      <Tool label={strings.redo} keys="Ctrl+Y" isDisabled={!board.canRedo} onClick={() => board.redo()} icon={<IconArrowForwardUp size={20} stroke={1.6} />} />
      <Tool label={strings.fit} keys="Shift+F" onClick={() => editor.fit()} icon={<IconMaximize size={20} stroke={1.6} />} />
      <Adjust editor={editor} />
      {isPainting && (
        <Text size="xs" c="dimmed" ta="center" title={strings.brushSize}>
          {Math.round(2 * board.brushRadius)} px
        </Text>
      )}
    </div>
  )
}

interface ToolProps {
  label: string
  keys?: string
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

const RANGES = { brightness: [0.2, 4], contrast: [0.2, 4], gamma: [0.3, 3] } as const

function Adjust({ editor }: { editor: Editor }) {
  const [value, setValue] = useState<Adjustment>(PLAIN)
  const change = (next: Adjustment) => {
    setValue(next)
    editor.adjust(next)
  }
  const isPlain = Object.values(value).every((part) => part === 1)
  return (
    <Popover position="right-start" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon size={38} variant={isPlain ? "subtle" : "light"} color={isPlain ? "gray" : undefined} aria-label={strings.adjust} title={strings.adjust}>
          <IconSun size={20} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack w={220} gap="sm">
          {(["brightness", "contrast", "gamma"] as const).map((name) => (
            <div key={name}>
              <Text size="sm">{strings[name]}</Text>
              <Slider size="sm" min={RANGES[name][0]} max={RANGES[name][1]} step={0.05} value={value[name]} label={(part) => part.toFixed(2)} thumbLabel={strings[name]} onChange={(part) => change({ ...value, [name]: part })} />
            </div>
          ))}
          <Text size="xs" c="dimmed">
            {strings.adjustHint}
          </Text>
          <Button size="compact-sm" variant="default" disabled={isPlain} onClick={() => change(PLAIN)}>
            {strings.reset}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
