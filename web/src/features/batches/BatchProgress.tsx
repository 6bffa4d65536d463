import { Progress, Tooltip } from "@mantine/core"

import type { Batch } from "../../api/batches"
import { strings } from "./strings"

/** How many labels are in, and how many pictures wait for a decision. */
export function BatchProgress({ batch }: { batch: Batch }) {
  const share = batch.wanted > 0 ? (100 * batch.given) / batch.wanted : 100
  const open = batch.pictures > 0 ? (share * batch.disputed) / batch.pictures : 0
  return (
    <Progress.Root size="md" my={8} aria-label={strings.progress(batch.given, batch.wanted)}>
      <Tooltip label={strings.finished(batch.finished, batch.pictures)}>
        <Progress.Section value={share - open} aria-label={strings.finished(batch.finished, batch.pictures)} />
      </Tooltip>
      {open > 0 && (
        <Tooltip label={strings.disputed(batch.disputed)}>
          <Progress.Section value={open} color="brass" aria-label={strings.disputed(batch.disputed)} />
        </Tooltip>
      )}
    </Progress.Root>
  )
}
