import { Box, Button, Center, Group, SimpleGrid, Skeleton, Stack, Text, ThemeIcon, Title, VisuallyHidden } from "@mantine/core"
import { IconBoxSeam, IconCloudOff } from "@tabler/icons-react"
import type { ReactNode } from "react"

import { strings } from "./strings"

interface EmptyProps {
  title: string
  /** What this place is for and what to do next. */
  text: ReactNode
  action?: ReactNode
  icon?: ReactNode
}

/** Nothing here yet: what it is for, and the one thing to do. */
export function EmptyState({ title, text, action, icon }: EmptyProps) {
  return (
    <Center py="xl" data-testid="empty">
      <Stack align="center" gap="sm" maw="30rem" ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" aria-hidden>
          {icon ?? <IconBoxSeam size={28} stroke={1.5} />}
        </ThemeIcon>
        <Title order={2}>{title}</Title>
        <Text c="dimmed" component="div">
          {text}
        </Text>
        {action && <Group mt="xs">{action}</Group>}
      </Stack>
    </Center>
  )
}

interface ErrorProps {
  error: unknown
  onRetry?: () => void
  action?: ReactNode
}

/** It did not load: why, and what to do. */
export function ErrorState({ error, onRetry, action }: ErrorProps) {
  return (
    <Center py="xl" role="alert" data-testid="error">
      <Stack align="center" gap="sm" maw="32rem" ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" color="clay" aria-hidden>
          <IconCloudOff size={28} stroke={1.5} />
        </ThemeIcon>
        <Title order={2}>{strings.errorTitle}</Title>
        <Text>{error instanceof Error ? error.message : strings.errorAdvice}</Text>
        <Group mt="xs">
          {onRetry && <Button onClick={onRetry}>{strings.retry}</Button>}
          {action}
        </Group>
      </Stack>
    </Center>
  )
}

type Shape = "lines" | "grid" | "cards"

/** Grey shapes where things will be. */
export function LoadingState({ label, shape = "lines" }: { label: string; shape?: Shape }) {
  return (
    <Box role="status" aria-live="polite" data-testid="loading">
      <VisuallyHidden>{label}</VisuallyHidden>
      {shape === "lines" && (
        <Stack gap="sm">
          {[70, 100, 92, 84].map((width) => (
            <Skeleton key={width} height={18} width={`${width}%`} />
          ))}
        </Stack>
      )}
      {shape !== "lines" && (
        <SimpleGrid cols={shape === "grid" ? { base: 4, lg: 7 } : { base: 2, lg: 3 }}>
          {Array.from({ length: shape === "grid" ? 21 : 6 }, (_, index) => (
            <Skeleton key={index} height={shape === "grid" ? 130 : 190} radius="lg" />
          ))}
        </SimpleGrid>
      )}
    </Box>
  )
}
