import { Button, Code, Group, SimpleGrid, Stack, Text } from "@mantine/core"

import { useCopy } from "../../../ui"
import { strings } from "./strings"

const { factor } = strings

/** The recovery codes, this once: to copy, to save, and to say that they are kept. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { copy, copied } = useCopy(codes.join("\n"))
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(factor.file(codes))}`
  return (
    <Stack>
      <Text>{factor.codesAbout}</Text>
      <SimpleGrid cols={2} spacing="xs" data-testid="recovery-codes">
        {codes.map((code) => (
          <Code key={code} fz="xs" ta="center" px={4} style={{ whiteSpace: "nowrap" }}>
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group gap="xs" grow>
        <Button variant="default" onClick={copy}>
          {copied ? factor.copied : factor.copy}
        </Button>
        <Button variant="default" component="a" href={file} download="modelyard-recovery-codes.txt">
          {factor.save}
        </Button>
      </Group>
      <Button onClick={onDone}>{factor.done}</Button>
    </Stack>
  )
}
