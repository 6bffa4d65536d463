import { Progress, Text, Tooltip } from "@mantine/core"

import { strings } from "./strings"

export interface Splits {
  train: number
  val: number
  test: number
}

const COLORS = { train: "pine.6", val: "brass.5", test: "clay.3" } as const

/** How a version is shared out: to learn from, to choose, to test. */
export function SplitBar({ splits, size = "lg" }: { splits: Splits; size?: "sm" | "lg" | "xl" }) {
  const total = Math.max(splits.train + splits.val + splits.test, 1)
  return (
    <>
    <Progress.Root size={size === "sm" ? 10 : 20}>
      {(["train", "val", "test"] as const)
        .filter((split) => splits[split] > 0)
        .map((split) => (
          <Tooltip key={split} label={`${strings.pictures(splits[split])} ${strings.splits[split]}`}>
            <Progress.Section value={(splits[split] / total) * 100} color={COLORS[split]} aria-label={`${strings.pictures(splits[split])} ${strings.splits[split]}`}>
              {size !== "sm" && splits[split] / total > 0.06 && <Progress.Label>{splits[split].toLocaleString("en")}</Progress.Label>}
            </Progress.Section>
          </Tooltip>
        ))}
    </Progress.Root>
    {size !== "sm" && (
      <Text size="xs" c="dimmed" mt={4}>
        {summary(splits)}
      </Text>
    )}
    </>
  )
}

export function summary(splits: Splits): string {
  return `${splits.train} ${strings.splits.train}, ${splits.val} ${strings.splits.val}, ${splits.test} ${strings.splits.test}`
}
