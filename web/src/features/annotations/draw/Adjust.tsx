import { ActionIcon, Button, Popover, RangeSlider, Slider, Stack, Text } from "@mantine/core"
import { IconSun } from "@tabler/icons-react"
import { useState } from "react"

import { PLAIN, type Adjustment, type Editor } from "../../../canvas"
import { strings } from "./strings"

const RANGES = { brightness: [0.2, 4], contrast: [0.2, 4], gamma: [0.3, 3] } as const

const isPlainNow = (value: Adjustment) => JSON.stringify(value) === JSON.stringify(PLAIN)

/** Light, contrast, gamma and the window of greys that is spread over the whole range: of what is seen, never of the data. */
export function Adjust({ editor }: { editor: Editor }) {
  const [value, setValue] = useState<Adjustment>(PLAIN)
  const change = (next: Adjustment) => {
    setValue(next)
    editor.adjust(next)
  }
  const isPlain = isPlainNow(value)
  return (
    <Popover position="right-start" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon size={38} variant={isPlain ? "subtle" : "light"} color={isPlain ? "gray" : undefined} aria-label={strings.adjust} title={strings.adjust}>
          <IconSun size={20} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack w={240} gap="sm">
          {(["brightness", "contrast", "gamma"] as const).map((name) => (
            <div key={name}>
              <Text size="sm">{strings[name]}</Text>
              <Slider size="sm" min={RANGES[name][0]} max={RANGES[name][1]} step={0.05} value={value[name]} label={(part) => part.toFixed(2)} thumbLabel={strings[name]} onChange={(part) => change({ ...value, [name]: part })} />
            </div>
          ))}
          <div>
            <Text size="sm">{strings.window}</Text>
            <RangeSlider size="sm" min={0} max={255} minRange={4} value={[...value.window]} thumbFromLabel={strings.darkest} thumbToLabel={strings.brightest} onChange={(window) => change({ ...value, window })} />
          </div>
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
