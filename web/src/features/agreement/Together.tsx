import { Anchor, Badge, Card, Group, SimpleGrid, Text } from "@mantine/core"

import { CardTitle, Stat } from "../../ui"
import { judge } from "./judge"
import type { Agreement, Differing } from "./queries"
import { strings } from "./strings"

/** Pictures from which on a judgement is worth its words. */
const ENOUGH = 20

/** What everybody's agreement comes to, in a sentence; the coefficients stand beside it for those who want them. */
export function Together({ found, onOpen }: { found: Agreement; onOpen: (differing: Differing) => void }) {
  const verdict = judge(found.kind === "classes" ? found.alpha : found.agreed, found.kind)
  const isEnough = found.pictures >= ENOUGH
  const agreed = strings.share(found.agreed)
  return (
    <Card padding="lg">
      <Group justify="space-between" align="flex-start">
        <CardTitle>{strings.together.title}</CardTitle>
        {verdict && isEnough && (
          <Badge variant="light" color={verdict.color} tt="none">
            {verdict.words}
          </Badge>
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <div>
          <Text fz="1.15rem" fw={600} mb={4}>
            {found.kind === "classes" ? strings.together.classes(agreed) : strings.together.objects(agreed.replace(" %", ""))}
          </Text>
          <Text>{[found.by_chance !== null && strings.together.chance(strings.share(found.by_chance)), found.mean_overlap !== null && strings.together.overlap(strings.share(found.mean_overlap))].filter(Boolean).join(" ")}</Text>
          <Text mt={4}>
            {strings.together.differ(found.differ, found.pictures)}{" "}
            {found.differ > 0 && (
              <Anchor component="button" onClick={() => onOpen({})}>
                {strings.together.show}
              </Anchor>
            )}
          </Text>
          {verdict && (
            <Text c="dimmed" mt="xs">
              {isEnough ? verdict.advice : strings.together.few(found.pictures)}
            </Text>
          )}
        </div>
        <Coefficients found={found} />
      </SimpleGrid>
    </Card>
  )
}

function Coefficients({ found }: { found: Agreement }) {
  const number = (value: number | null) => (value === null ? "–" : strings.number(value))
  if (found.kind === "objects") {
    return (
      <div>
        <Group gap="xl">
          <Stat label={strings.together.f1} value={number(found.agreed)} />
          <Stat label={strings.together.iou} value={number(found.mean_overlap)} />
        </Group>
        <Text size="sm" c="dimmed" mt="xs">
          {strings.together.counted}
        </Text>
      </div>
    )
  }
  return (
    <div>
      <Group gap="xl">
        <Stat label={strings.together.alpha} value={number(found.alpha)} />
        {found.fleiss_kappa !== null && <Stat label={strings.together.fleiss} value={number(found.fleiss_kappa)} />}
      </Group>
      <Text size="sm" c="dimmed" mt="xs">
        {strings.together.scale}
      </Text>
    </div>
  )
}
