import { Button, Card, Group, Text } from "@mantine/core"
import { useState } from "react"

import { CardTitle } from "../../ui"
import type { OpenCell } from "./CellDrawer"
import { mistakes } from "./confusion"
import { ConfusionMatrix } from "./ConfusionMatrix"
import type { Report } from "./queries"
import { strings } from "./strings"

const READABLE = 20

/** The matrix: all classes where they are few, the most confused where they are many. */
export function ConfusionCard({ report, onOpen }: { report: Report; onOpen: (cell: OpenCell) => void }) {
  const [isWhole, setWhole] = useState(false)
  const { classes, confusion } = report
  const isLarge = classes.length > READABLE
  const wrong = mistakes(confusion).filter((n) => n > 0).length
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <CardTitle gap={false}>{strings.confusion}</CardTitle>
        {isLarge && (
          <Button size="compact-sm" variant="default" onClick={() => setWhole(!isWhole)}>
            {isWhole ? strings.showConfused : strings.showAll(classes.length)}
          </Button>
        )}
      </Group>
      {wrong === 0 && <Text size="sm">{strings.noMistakes}</Text>}
      <ConfusionMatrix
        names={classes.map((entry) => entry.name)}
        confusion={confusion}
        limit={isLarge && !isWhole ? READABLE : classes.length}
        onOpen={({ truth, predicted }) => {
          const [from, to] = [classes[truth], classes[predicted]]
          if (from && to) onOpen({ truth: from.class_id, predicted: to.class_id })
        }}
      />
    </Card>
  )
}
