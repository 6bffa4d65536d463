import { Group, Progress, Stack, Text, Tooltip } from "@mantine/core"

import { strings } from "../strings"

interface Props {
  labelled: number
  left: number
  pace: number | null
  accepted: number
  corrected: number
  check: { accuracy: number; labels: number } | null
  isLearning: boolean
}

/** How far it is, how fast it goes and how good the suggestions are. */
export function Counter({ labelled, left, pace, accepted, corrected, check, isLearning }: Props) {
  const judged = accepted + corrected
  const share = labelled + left === 0 ? 0 : (labelled / (labelled + left)) * 100
  return (
    <Stack gap={4} data-testid="counter">
      <Progress value={share} size="sm" aria-label={`${labelled} of ${labelled + left} labelled`} />
      <Group gap="md" wrap="wrap" align="baseline">
        <Figure value={labelled.toLocaleString("en")} word={strings.counter.labelled} />
        <Figure value={left.toLocaleString("en")} word={strings.counter.left} />
        {pace !== null && <Figure value={Math.round(pace).toString()} word={strings.counter.pace} />}
        {judged > 0 && (
          <Tooltip label={check ? strings.counterCheck(check.accuracy, check.labels) : ""} disabled={!check}>
            <span>
              <Figure value={`${accepted} of ${judged}`} word={strings.counter.right} />
            </span>
          </Tooltip>
        )}
        {isLearning && (
          <Text size="xs" c="dimmed">
            {strings.learning}
          </Text>
        )}
      </Group>
    </Stack>
  )
}

function Figure({ value, word }: { value: string; word: string }) {
  return (
    <Text size="sm" component="span">
      <b>{value}</b>{" "}
      <Text span c="dimmed" size="sm">
        {word}
      </Text>
    </Text>
  )
}
