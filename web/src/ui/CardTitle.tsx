import { Title } from "@mantine/core"
import type { ReactNode } from "react"

/** What a card is about. */
export function CardTitle({ children, gap = true }: { children: ReactNode; gap?: boolean }) {
  return (
    <Title order={2} size="h3" mb={gap ? "xs" : 0}>
      {children}
    </Title>
  )
}
