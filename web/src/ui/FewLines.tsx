import { Anchor, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { strings } from "./strings"

interface Props {
  lines: readonly string[]
  /** So many are shown at once; the rest on request, so that what lies below stays in sight. */
  few?: number
}

/** Notes on how something went, one a line. */
export function FewLines({ lines, few = 4 }: Props) {
  const [isWhole, setWhole] = useState(false)
  const rest = lines.length - few
  return (
    <Stack gap={0} mah="30vh" style={{ overflowY: "auto" }}>
      {(isWhole ? lines : lines.slice(0, few)).map((line, at) => (
        <Text key={at} size="sm" c="dimmed">
          {line}
        </Text>
      ))}
      {rest > 0 && (
        <Anchor component="button" type="button" size="sm" ta="left" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? strings.fewer : strings.more(rest)}
        </Anchor>
      )}
    </Stack>
  )
}
