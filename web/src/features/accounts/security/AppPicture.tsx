import { Code, Image, Stack, Text } from "@mantine/core"

import type { Setup } from "./queries"
import { strings } from "./strings"

/** What an authenticator app scans, and the same to be typed. */
export function AppPicture({ setup }: { setup: Setup }) {
  return (
    <Stack gap="sm" align="center">
      <Text>{strings.factor.scan}</Text>
      <Image src={setup.picture} alt={strings.factor.picture} w={220} h={220} radius="md" />
      <Text size="sm" c="dimmed">
        {strings.factor.byHand}
      </Text>
      <Code fz="sm" data-testid="secret">
        {setup.secret.match(/.{1,4}/g)?.join(" ")}
      </Code>
    </Stack>
  )
}
