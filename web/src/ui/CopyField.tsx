import { Button, CopyButton, Group, TextInput } from "@mantine/core"

import { strings } from "./strings"

/** Text to take away: a link, a token. */
export function CopyField({ label, value }: { label: string; value: string }) {
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput label={label} value={value} readOnly flex={1} onFocus={(event) => event.currentTarget.select()} ff="monospace" />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button variant={copied ? "light" : "filled"} onClick={copy} w="6rem">
            {copied ? strings.copied : strings.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
