import { Card, Group, RingProgress, SimpleGrid, Stack, Text, Title, Tooltip } from "@mantine/core"

import { WishBadge } from "./ModelsPage"
import type { Evaluation, Model } from "./queries"
import { strings } from "./strings"
import { between, exactly, percent } from "./words"

interface Props {
  model: Model
  evaluation: Evaluation
  wish: number | undefined
}

/** The one sentence, the one figure with its doubt, and the gate. */
export function Headline({ model, evaluation, wish }: Props) {
  const { report } = evaluation
  return (
    <Card withBorder padding="lg" data-testid="headline">
      <Group align="flex-start" wrap="nowrap" gap="xl">
        <RingProgress
          size={132}
          thickness={12}
          roundCaps
          sections={[{ value: report.accuracy * 100, color: model.meets_wish ? "pine" : "brass" }]}
          label={
            <Text ta="center" fw={700} size="xl">
              {percent(report.accuracy)}
            </Text>
          }
        />
        <Stack gap="xs" flex={1}>
          <Title order={2}>
            {report.words.headline}
          </Title>
          <Text>{report.words.paragraph}</Text>
          <Group gap="xs">
            <WishBadge meetsWish={report.gate.meets_wish} wish={wish} />
            <Text size="sm" c="dimmed">
              {report.gate.text}
            </Text>
          </Group>
        </Stack>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 3 }} mt="md">
        <Figure title={strings.right} value={exactly(report.accuracy)} text={strings.between(between(report.accuracy_interval))} />
        <Tooltip label={strings.macroHelp}>
          <div>
            <Figure title={strings.macro} value={exactly(report.macro_f1)} text={strings.between(between(report.macro_f1_interval))} />
          </div>
        </Tooltip>
        <Figure title={strings.selective} value={report.selective.threshold === null ? strings.notYet : percent(report.selective.answered_share)} text={report.selective.sentence} />
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="sm">
        {strings.measuredOn(report.n, evaluation.looks)} {evaluation.split === "test" ? "" : strings.on[evaluation.split]}
      </Text>
    </Card>
  )
}

function Figure({ title, value, text }: { title: string; value: string; text: string }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text fw={700} size="lg">
        {value}
      </Text>
      <Text size="sm">{text}</Text>
    </div>
  )
}
