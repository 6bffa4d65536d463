import { Button, Group, TextInput } from "@mantine/core"

import { useCopy } from "./copy"
import { strings } from "./strings"

/** Text to take away: a link, a token, an address. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { copy, copied } = useCopy(value)
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        label={label}
        value={value}
        readOnly
        flex={1}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      />
      <Button variant="light" onClick={copy} w="6rem">
        {copied ? strings.copied : strings.copy}
      </Button>
    </Group>
  )
}
