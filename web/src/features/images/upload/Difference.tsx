import { Alert, Button, Group, Text } from "@mantine/core"

import { strings } from "../strings"
import type { Changes } from "./changes"

/** In a report: what the labels would change, or what became of that. */
export function Difference({ changes, onLook }: { changes: Changes | null; onLook: () => void }) {
  if (!changes) return null
  const counts = strings.counts(changes.added, changes.changed, changes.deleted, changes.answers)
  if (changes.state === "waiting") {
    return (
      <Alert color="yellow" title={strings.waitingTitle} data-testid="difference">
        <Group justify="space-between" gap="sm">
          <Text size="sm">
            {strings.differ(changes.images)}: {counts}. {changes.edited > 0 && strings.editedSince(changes.edited)}
          </Text>
          <Button onClick={onLook}>{strings.lookAtChanges}</Button>
        </Group>
      </Alert>
    )
  }
  const lines: Partial<Record<Changes["state"], string>> = {
    none: changes.compared > 0 ? strings.nothingChanged(changes.compared) : "",
    discarded: strings.discarded,
    taken_back: [strings.tookBack, changes.kept > 0 && strings.keptAfter(changes.kept, changes.kept_names)].filter(Boolean).join(". "),
    applied: [strings.applied(changes.applied), counts, changes.left_out > 0 && strings.leftOut(changes.left_out), changes.passed_over > 0 && strings.passedOver(changes.passed_over)].filter(Boolean).join(" · "),
  }
  const line = lines[changes.state]
  if (!line) return null
  return (
    <Group gap="md" data-testid="difference">
      <Text size="sm">{line}</Text>
      {changes.state === "applied" && (
        <Button variant="subtle" size="compact-sm" onClick={onLook}>
          {strings.changesDone}
        </Button>
      )}
    </Group>
  )
}
