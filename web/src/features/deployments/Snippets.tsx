import { Button, Card, Code, CopyButton, Group, Tabs, Text } from "@mantine/core"

import { LinkAnchor } from "../../ui"
import { snippets } from "./snippets"
import { strings } from "./strings"

/** How other programs ask it. */
export function Snippets({ url }: { url: string }) {
  return (
    <Card data-testid="snippets">
      <Text fw={600}>{strings.code}</Text>
      <Text size="sm" c="dimmed" mb="xs">
        {strings.codeText}{" "}
        <LinkAnchor to="/account" size="sm">
          {strings.tokens}
        </LinkAnchor>
      </Text>
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List>
          {snippets(url).map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets(url).map(({ name, code }) => (
          <Tabs.Panel key={name} value={name} pt="xs">
            <Code block>{code}</Code>
            <Group justify="flex-end" mt="xs">
              <CopyButton value={code}>
                {({ copied, copy }) => (
                  <Button size="compact-sm" variant="light" onClick={copy}>
                    {copied ? strings.copied : strings.copy}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  )
}
