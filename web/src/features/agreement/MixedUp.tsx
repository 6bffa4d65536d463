import { Anchor, Card, Group, Stack, Text } from "@mantine/core"

import { CardTitle } from "../../ui"
import type { Agreement, Differing } from "./queries"
import { strings } from "./strings"

/** What people say for one another, the most frequent first. */
export function MixedUp({ found, onOpen }: { found: Agreement; onOpen: (differing: Differing) => void }) {
  return (
    <Card padding="lg" data-testid="mixed-up">
      <CardTitle gap={false}>{strings.mixed.title}</CardTitle>
      <Text c="dimmed" mb="sm">
        {found.mixed_up.length > 0 ? strings.mixed.text : strings.mixed.none}
      </Text>
      <Stack gap={6}>
        {found.mixed_up.map((row) => (
          <Group key={`${row.first_said} ${row.second_said}`} justify="space-between" wrap="nowrap">
            <Anchor component="button" size="sm" ta="left" onClick={() => onOpen({ said: [row.first_said, row.second_said] })}>
              {strings.mixed.pair(row.first_name, row.second_name)}
            </Anchor>
            <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
              {strings.mixed.times(row.times)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
