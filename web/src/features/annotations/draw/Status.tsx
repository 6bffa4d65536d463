import { Badge, Button, Group, Text } from "@mantine/core"

import type { Saver } from "./saver"
import { strings } from "./strings"

interface StatusProps {
  saver: Saver | null
  isDurable: boolean
  onSignIn: () => void
}

/** Where the drawing is: on the server, on its way, or kept here. */
export function Status({ saver, isDurable, onSignIn }: StatusProps) {
  const state = saver?.state ?? { kind: "saved" as const }
  const isCalm = state.kind === "saved" || state.kind === "waiting" || state.kind === "saving"
  return (
    <Group gap="xs" aria-live="polite" data-testid="save-status" data-state={state.kind}>
      {!isDurable && (
        <Badge color="brass" variant="light">
          {strings.notDurable}
        </Badge>
      )}
      {isCalm && (
        <Badge color={state.kind === "saved" ? "pine" : "gray"} variant="light">
          {state.kind === "saved" ? strings.saved : strings.saving}
        </Badge>
      )}
      {state.kind === "offline" && (
        <Badge color="brass" variant="light">
          {strings.offline}
        </Badge>
      )}
      {state.kind === "signed-out" && (
        <Button size="compact-xs" color="brass" onClick={onSignIn}>
          {strings.signedOut} · {strings.signIn}
        </Button>
      )}
      {state.kind === "refused" && (
        <Text size="sm" className="my-bad">
          {strings.refused(state.detail)}
        </Text>
      )}
    </Group>
  )
}
