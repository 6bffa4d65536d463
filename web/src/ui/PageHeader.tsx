import { Box, Group, Text, Title } from "@mantine/core"
import type { ReactNode } from "react"

interface Props {
  title: ReactNode
  about?: ReactNode
  actions?: ReactNode
  /** Above the title: where this page belongs. */
  above?: ReactNode
}

/** A page's title, one sentence on what it is for, and its actions. */
export function PageHeader({ title, about, actions, above }: Props) {
  return (
    <Group justify="space-between" align="flex-end" wrap="wrap" gap="sm" component="header">
      <Box flex="1 1 20rem" miw={0}>
        {above && (
          <Text size="sm" c="dimmed" component="div">
            {above}
          </Text>
        )}
        <Title order={1}>{title}</Title>
        {about && (
          <Text c="dimmed" mt={4} maw="46rem" component="div">
            {about}
          </Text>
        )}
      </Box>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
