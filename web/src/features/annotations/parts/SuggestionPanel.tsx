import { Button, ColorSwatch, Group, Kbd, Progress, Stack, Text } from "@mantine/core"

import { useKeyOf } from "../../../keymap"
import type { Guess } from "../session/queue"
import { strings } from "../strings"
import type { ClassChoice } from "./ClassColumn"
import classes from "./label.module.css"

interface Props {
  guess: Guess | null
  classOf: (id: string) => ClassChoice | undefined
  reason: string
  isReserved: boolean
  /** What is missing before there are suggestions at all. */
  needs: string | null
  onAccept: (classId: string) => void
}

/** What the quick model thinks, how sure it is, and why this picture was chosen. */
export function SuggestionPanel({ guess, classOf, reason, isReserved, needs, onAccept }: Props) {
  const first = guess ? classOf(guess.class_id) : undefined
  const second = guess?.runner_up_id ? classOf(guess.runner_up_id) : undefined
  const keyOf = useKeyOf("one")
  const silence = isReserved ? strings.heldBack : (needs ?? strings.noSuggestion)
  return (
    <div className={classes.suggestion} data-testid="suggestion">
      {guess && first ? (
        <>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Group gap={8} wrap="nowrap" miw={0}>
              <ColorSwatch color={first.color} size={14} withShadow={false} />
              <Text fw={600} truncate>
                {first.name}
              </Text>
            </Group>
            <Text size="sm" c="dimmed">
              {Math.round(guess.score * 100)} %
            </Text>
          </Group>
          <Progress value={guess.score * 100} size="xs" my={6} aria-label={`${Math.round(guess.score * 100)} % sure`} />
          <Stack gap={6}>
            <Button size="xs" justify="space-between" tabIndex={-1} onClick={() => onAccept(guess.class_id)} rightSection={keyOf("accept") && <Kbd size="xs">{keyOf("accept")}</Kbd>}>
              {strings.accept}
            </Button>
            {second && (
              <Button size="xs" variant="default" justify="space-between" tabIndex={-1} onClick={() => onAccept(second.id)} rightSection={keyOf("runnerUp") && <Kbd size="xs">{keyOf("runnerUp")}</Kbd>}>
                {strings.acceptRunnerUp} {second.name}
              </Button>
            )}
          </Stack>
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {silence}
        </Text>
      )}
      {reason && !isReserved && (
        <Text size="xs" c="dimmed" mt={6}>
          {strings.why}: {reason}
        </Text>
      )}
    </div>
  )
}
