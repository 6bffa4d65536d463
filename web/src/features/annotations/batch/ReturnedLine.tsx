import { Alert, Text } from "@mantine/core"

import { ago } from "../../../ui"
import type { Returned } from "../session/queue"
import { strings } from "./strings"

interface Props {
  returned: Returned | null | undefined
  /** What was said before, in words; null where it is not known to this person. */
  before: string | null
}

/** Why a reviewer sent this picture back, to whoever labels it again. */
export function ReturnedLine({ returned, before }: Props) {
  if (!returned) return null
  return (
    <Alert color="clay" py={8} title={strings.returned(returned.reviewer_name, ago(returned.decided_at))} data-testid="sent-back">
      <Text size="sm">{returned.reason}</Text>
      {before && (
        <Text size="sm" c="dimmed">
          {strings.before(before)}
        </Text>
      )}
    </Alert>
  )
}
