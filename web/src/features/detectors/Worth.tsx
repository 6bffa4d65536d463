import { Card, Group, Text } from "@mantine/core"

import { CardTitle, Stat } from "../../ui"
import type { Statistics } from "./queries"
import { strings } from "./strings"

/** What an object costs, drawn by hand and with a suggestion. Nothing before there is anything to compare. */
export function Worth({ statistics }: { statistics: Statistics }) {
  const { drawn, accepted, edited } = statistics
  if (accepted.objects + edited.objects === 0) return null
  const stats = [
    { label: strings.drawn, time: drawn },
    { label: strings.accepted, time: accepted },
    { label: strings.edited, time: edited },
  ]
  return (
    <Card withBorder data-testid="worth">
      <CardTitle>{strings.timesTitle}</CardTitle>
      <Group gap="xl">
        {stats.map(({ label, time }) => (
          <Stat key={label} label={label} value={strings.seconds(time.median_s)} hint={strings.of(time.objects)} />
        ))}
      </Group>
      <Text size="xs" c="dimmed" mt="xs">
        {strings.timesText}
      </Text>
    </Card>
  )
}
