import { Badge } from "@mantine/core"

import type { Run } from "./queries"
import { strings } from "./strings"

const COLORS = { queued: "gray", running: "brass", succeeded: "pine", failed: "red", cancelled: "gray" } as const

export function RunState({ state }: { state: Run["state"] }) {
  return (
    <Badge variant="light" color={COLORS[state]} tt="none">
      {strings.states[state]}
    </Badge>
  )
}
