import { Badge, Card, Group, Image, Select, SimpleGrid, Stack, Text } from "@mantine/core"

import { CardTitle, ErrorState, LoadingState } from "../../ui"
import { thumbnailUrl } from "../../api/images"
import { useComparison, useModels, type Comparison } from "./queries"
import { strings } from "./strings"
import { percent } from "./words"

interface Props {
  projectId: string
  modelId: string
  other: string | null
  onOther: (modelId: string | null) => void
}

const COLORS = { better: "pine", "no clear difference": "gray", worse: "brass" } as const

/** Is this model better than that one, or only luckier? */
export function CompareCard({ projectId, modelId, other, onOther }: Props) {
  const models = useModels(projectId)
  const comparison = useComparison(projectId, modelId, other)
  const others = (models.data?.items ?? []).filter((entry) => entry.id !== modelId)
  if (others.length === 0) return null
  return (
    <Card withBorder>
      <Stack>
        <CardTitle gap={false}>{strings.compareTitle}</CardTitle>
        <Select
          aria-label={strings.compare}
          placeholder={strings.compare}
          w={260}
          clearable
          value={other}
          onChange={onOther}
          data={others.map((entry) => ({ value: entry.id, label: `${strings.model(entry.number)} (${percent(entry.summary.accuracy)})` }))}
        />
        {other !== null && comparison.isPending && <LoadingState label={strings.loading} />}
        {comparison.isError && <ErrorState error={comparison.error} onRetry={() => void comparison.refetch()} />}
        {comparison.data && <Result comparison={comparison.data} />}
      </Stack>
    </Card>
  )
}

function Result({ comparison }: { comparison: Comparison }) {
  const counts = [
    { label: strings.bothRight, n: comparison.both_right },
    { label: strings.onlyThis, n: comparison.only_first },
    { label: strings.onlyOther, n: comparison.only_second },
    { label: strings.bothWrong, n: comparison.both_wrong },
  ]
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge color={COLORS[comparison.verdict]} tt="none">
          {strings.verdicts[comparison.verdict]}
        </Badge>
        <Text>{comparison.sentence}</Text>
      </Group>
      <SimpleGrid cols={4}>
        {counts.map(({ label, n }) => (
          <div key={label}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text fw={600}>{strings.pictures(n)}</Text>
          </div>
        ))}
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        {strings.p(comparison.p_value < 0.001 ? "below 0.1 %" : `${(comparison.p_value * 100).toFixed(1)} %`)}
      </Text>
      <Group gap="xs">
        {comparison.examples.slice(0, 12).map((id) => (
          <Image key={id} src={thumbnailUrl(id)} alt="" w={72} h={72} radius="sm" fit="cover" />
        ))}
      </Group>
    </Stack>
  )
}
