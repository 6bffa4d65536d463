import { Badge } from "@mantine/core"

import type { Batch } from "../../api/batches"
import { strings } from "./strings"

const COLORS = { open: "pine", paused: "gray", closed: "gray" } as const

/** Whether a batch is open or finished, and whether it will be late. */
export function StateBadge({ batch }: { batch: Batch }) {
  return (
    <>
      <Badge variant="light" color={COLORS[batch.state]}>
        {batch.is_finished && batch.state === "open" ? strings.finishedState : strings.state[batch.state]}
      </Badge>
      {batch.is_late && (
        <Badge variant="light" color="clay">
          {strings.late}
        </Badge>
      )}
    </>
  )
}
