import { Badge, Loader } from "@mantine/core"

import type { Deployment } from "./queries"
import { strings } from "./strings"

const COLORS = { loading: "brass", ready: "pine", failed: "clay", stopped: "gray" } as const

export function StateBadge({ state }: { state: Deployment["state"] }) {
  return (
    <Badge variant="light" color={COLORS[state]} leftSection={state === "loading" ? <Loader size={10} color="brass" /> : undefined} data-testid="state">
      {strings.states[state]}
    </Badge>
  )
}
