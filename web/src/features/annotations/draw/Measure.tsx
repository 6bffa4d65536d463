import { Group, Slider, Text } from "@mantine/core"

interface MeasureProps {
  label: string
  shown: string
  value: number
  min: number
  max: number
  step: number
  hint?: string
  /** Its name is told to whoever points at it, where there is little room. */
  isNarrow?: boolean
  onChange: (value: number) => void
}

/** A number that is set by a slider, with what it means now beside it. */
export function Measure({ label, shown, hint = "", isNarrow = false, ...slider }: MeasureProps) {
  return (
    <Group gap="xs" wrap="nowrap" title={label} style={hint ? undefined : { flex: "none" }}>
      {!isNarrow && (
        <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
          {label}
        </Text>
      )}
      <Slider size="sm" w={isNarrow ? 80 : 120} label={null} thumbLabel={label} {...slider} />
      <Text size="xs" ff="monospace" miw={48}>
        {shown}
      </Text>
      {hint && <Hint text={hint} />}
    </Group>
  )
}

/** How the tool in hand works, in one line. */
export function Hint({ text }: { text: string }) {
  return (
    <Text size="xs" c="dimmed" truncate title={text}>
      {text}
    </Text>
  )
}
