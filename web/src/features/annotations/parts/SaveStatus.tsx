import { Badge, Button, Group } from "@mantine/core"
import { useEffect, useState } from "react"

import type { OutboxState } from "../session/outbox"
import { strings } from "../strings"

interface Props {
  state: OutboxState
  onTryNow: () => void
  onDecide: () => void
  onSignIn: () => void
}

/** Where the work is: on the server, on its way, or kept here; and what to do about it. */
export function SaveStatus({ state, onTryNow, onDecide, onSignIn }: Props) {
  const isSlow = useLater(state.kept > 0, 400)
  return (
    <Group gap="xs" aria-live="polite" data-testid="save-status" data-kept={state.kept}>
      {!state.isDurable && (
        <Badge color="brass" variant="light" tt="none">
          {strings.notDurable}
        </Badge>
      )}
      {state.troubles.length > 0 && (
        <Button size="compact-xs" color="brass" variant="light" onClick={onDecide}>
          {strings.trouble(state.troubles.length)}
        </Button>
      )}
      {state.connection === "signed-out" ? (
        <Button size="compact-xs" color="brass" onClick={onSignIn}>
          {strings.signedOut(state.kept)} · {strings.signIn}
        </Button>
      ) : state.connection === "offline" && state.kept > 0 ? (
        <Button size="compact-xs" color="brass" variant="light" onClick={onTryNow}>
          {strings.offline(state.kept)} · {strings.tryNow}
        </Button>
      ) : (
        <Badge color={isSlow ? "gray" : "pine"} variant="light" tt="none">
          {isSlow && state.kept > state.troubles.length ? strings.saving(state.kept) : strings.saved}
        </Badge>
      )}
    </Group>
  )
}

/** True once `value` has been true for `ms`: a save that takes a blink does not flicker. */
function useLater(value: boolean, ms: number): boolean {
  const [isLater, setLater] = useState(false)
  useEffect(() => {
    if (!value) return
    const timer = setTimeout(() => setLater(true), ms)
    return () => {
      clearTimeout(timer)
      setLater(false)
    }
  }, [value, ms])
  return isLater
}
