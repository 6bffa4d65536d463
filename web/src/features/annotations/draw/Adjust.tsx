import { ActionIcon, Button, Group, Popover, RangeSlider, Slider, Stack, Text } from "@mantine/core"
import { IconSun } from "@tabler/icons-react"

import { PLAIN, type Looking } from "../../../canvas"
import { useLight } from "./light"
import { strings } from "./strings"

const RANGES = { brightness: [0.2, 4], contrast: [0.2, 4], gamma: [0.3, 3] } as const
const { light } = strings

interface Props {
  editor: Looking
  /** Takes everything back. */
  resetKey: string | null
  size?: number
}

/** Light, contrast, gamma and the window of greys that is spread over the whole range: of what is seen, never of the data. */
export function Adjust({ editor, resetKey, size = 38 }: Props) {
  const value = useLight(editor)
  const isPlain = JSON.stringify(value) === JSON.stringify(PLAIN)
  return (
    <Popover position="right-start" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon size={size} variant={isPlain ? "subtle" : "light"} color={isPlain ? "gray" : undefined} aria-label={strings.adjust} title={strings.adjust}>
          <IconSun size={Math.round(size * 0.53)} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack w={260} gap="sm">
          <WindowPart editor={editor} />
          {(["brightness", "contrast", "gamma"] as const).map((name) => (
            <div key={name}>
              <Text size="sm">{strings[name]}</Text>
              <Slider size="sm" min={RANGES[name][0]} max={RANGES[name][1]} step={0.05} value={value[name]} label={(part) => part.toFixed(2)} thumbLabel={strings[name]} onChange={(part) => editor.adjust({ ...editor.adjustment, [name]: part })} />
            </div>
          ))}
          <Text size="xs" c="dimmed">
            {strings.adjustHint}
          </Text>
          <Button size="compact-sm" variant="default" disabled={isPlain} onClick={() => editor.adjust(PLAIN)}>
            {resetKey === null ? light.reset : `${light.reset} (${resetKey})`}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The window by its two ends, and those that suit the picture by name. */
function WindowPart({ editor }: { editor: Looking }) {
  const display = editor.picture?.display ?? null
  const [low, high] = editor.window
  const [least, most] = display ? [Math.min(display.low, low), Math.max(display.high, high)] : [0, 255]
  const step = Math.max((most - least) / 1000, display && display.slope % 1 !== 0 ? 1e-6 : 1)
  return (
    <div data-testid="window">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{display ? light.values(display.unit) : light.greys}</Text>
        <Text size="xs" c="dimmed" style={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
          {light.range(low, high)}
        </Text>
      </Group>
      <RangeSlider size="sm" min={least} max={most} step={step} minRange={step} value={[low, high]} label={null} thumbFromLabel={strings.darkest} thumbToLabel={strings.brightest} onChange={(window) => editor.setWindow(window)} />
      <Group gap={6} mt={8}>
        {(display?.windows ?? []).map(({ name, ...ends }) => (
          <Button key={name} size="compact-xs" variant={ends.low === low && ends.high === high ? "light" : "default"} onClick={() => editor.setWindow([ends.low, ends.high])}>
            {light.named(name)}
          </Button>
        ))}
        {!display && (
          <Button size="compact-xs" variant="default" onClick={() => editor.setWindow(editor.picture?.autoWindow ?? null)}>
            {light.named("auto")}
          </Button>
        )}
      </Group>
    </div>
  )
}
