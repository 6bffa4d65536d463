import { Box, Text } from "@mantine/core"
import type { ReactNode } from "react"

/** One figure and what it counts. */
export function Stat({ label, value, hint }: { label: string; value: ReactNode; hint?: ReactNode }) {
  return (
    <Box>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fz="1.45rem" fw={600} lh={1.25} ff="heading" component="div">
        {value}
      </Text>
      {hint && (
        <Text size="xs" c="dimmed" component="div">
          {hint}
        </Text>
      )}
    </Box>
  )
}
