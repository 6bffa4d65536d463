import { Badge, Button, Group, Modal, Stack, Text, Title } from "@mantine/core"

import type { DrawnObject, Editor } from "../../../canvas"
import { strings } from "./strings"
import type { Present, Saver } from "./saver"

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

/** Two people drew on one picture: whoever came later decides, and sees both. */
export function ConflictDialog({ saver, editor }: { saver: Saver | null; editor: Editor }) {
  const state = saver?.state
  if (!saver || state?.kind !== "conflict") return null
  const { theirs } = state
  const mine = [...editor.board.objects.values()]
  const decide = (objects: readonly DrawnObject[]) => {
    editor.board.adopt(objects)
    saver.goOn(theirs)
  }
  const onlyMine = mine.filter(({ id }) => !theirs.objects.some((object) => object.id === id))
  return (
    <Modal opened onClose={() => decide(both(theirs, onlyMine))} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false} title={<Title order={2}>{strings.conflictTitle}</Title>}>
      <Stack>
        <Text>{strings.conflictText}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => decide(theirs.objects)}>
            {strings.theirs(theirs.objects.length)}
          </Button>
          <Button variant="default" onClick={() => decide(mine)}>
            {strings.mine(mine.length)}
          </Button>
          <Button data-autofocus onClick={() => decide(both(theirs, onlyMine))}>
            {strings.both}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const both = (theirs: Present, onlyMine: readonly DrawnObject[]) => [...theirs.objects, ...onlyMine]
