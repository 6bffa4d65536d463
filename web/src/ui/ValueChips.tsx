import { Badge, Group, Text } from "@mantine/core"

import { strings } from "./strings"

type Value = boolean | number | string

interface Props {
  values: Readonly<Record<string, Value>>
  /** What the other side says: what differs stands out, also what is missing here. */
  against?: Readonly<Record<string, Value>>
  /** Said where there is nothing to show. */
  none: string
  title?: string
}

export function shownValue(value: Value | undefined): string {
  if (value === undefined) return "–"
  if (typeof value === "boolean") return value ? strings.yes : strings.no
  return typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 6 }) : value
}

/** Names with their values, one chip each. */
export function ValueChips({ values, against = values, none, title }: Props) {
  const names = [...new Set([...Object.keys(values), ...Object.keys(against)])].sort((a, b) => a.localeCompare(b))
  return (
    <Group gap={6} data-testid="values-said">
      {title && (
        <Text size="sm" c="dimmed">
          {title}
        </Text>
      )}
      {names.length === 0 && <Text size="sm">{none}</Text>}
      {names.map((name) => {
        const isNew = values[name] !== against[name]
        const said = shownValue(values[name])
        return (
          <Badge key={name} size="lg" radius="sm" tt="none" fw={400} maw="100%" variant={isNew ? "light" : "default"} color={isNew ? "brass" : undefined} title={`${name}: ${said}`} data-differs={isNew || undefined}>
            {name} <b>{said}</b>
          </Badge>
        )
      })}
    </Group>
  )
}
