import { Card, SimpleGrid, Stack, Text } from "@mantine/core"

import { CardTitle } from "../../ui"
import type { Report } from "./queries"
import { ReliabilityPlot } from "./ReliabilityPlot"
import { strings } from "./strings"
import { percent } from "./words"

/** Whether the scores can be believed, and what follows from it for answers without a person. */
export function TrustCard({ report }: { report: Report }) {
  const { calibration, selective } = report
  return (
    <Card withBorder>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Stack gap="xs">
          <CardTitle gap={false}>{strings.selective}</CardTitle>
          <Text data-testid="selective">{selective.sentence}</Text>
          <Text size="sm" c="dimmed">
            {selective.threshold === null ? strings.noThreshold : strings.threshold(percent(selective.threshold))}
          </Text>
        </Stack>
        <Stack gap="xs">
          <CardTitle gap={false}>{strings.reliability}</CardTitle>
          <ReliabilityPlot bins={calibration.bins} />
          <Text size="sm" c="dimmed">
            {strings.reliabilityText(percent1(calibration.ece_before), percent1(calibration.ece_after))}
          </Text>
        </Stack>
      </SimpleGrid>
    </Card>
  )
}

function percent1(value: number): string {
  return `${(value * 100).toFixed(1)} %`
}
