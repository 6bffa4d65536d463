import { Alert, Card, Group, Stack, Text, Title } from "@mantine/core"
import type { ReactNode } from "react"

import { describe } from "../../api/problem"

interface Props {
  title: string
  about: ReactNode
  error?: unknown
  children: ReactNode
}

/** The card before the door: sign-in, first start, invitation. */
export function DoorCard({ title, about, error, children }: Props) {
  return (
    <Card w="100%" maw="25rem" padding="xl" shadow="sm">
      <Stack>
        <Group gap="sm">
          <img src="/mark.svg" alt="" width={34} height={34} />
          <Text ff="heading" fw={600} fz="lg">
            Modelyard
          </Text>
        </Group>
        <div>
          <Title order={1}>{title}</Title>
          <Text c="dimmed" mt={4}>
            {about}
          </Text>
        </div>
        {error !== null && error !== undefined && (
          <Alert color="clay" variant="light" role="alert">
            {describe(error)}
          </Alert>
        )}
        {children}
      </Stack>
    </Card>
  )
}
