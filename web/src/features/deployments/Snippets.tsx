import { Button, Card, Code, Group, Tabs, Text } from "@mantine/core"

import { CardTitle, LinkAnchor, useCopy } from "../../ui"
import { snippets } from "./snippets"
import { strings } from "./strings"

/** How other programs ask it. */
export function Snippets({ url }: { url: string }) {
  return (
    <Card data-testid="snippets">
      <CardTitle>{strings.code}</CardTitle>
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
              <Copy code={code} />
            </Group>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Card>
  )
}

function Copy({ code }: { code: string }) {
  const { copy, copied } = useCopy(code)
  return (
    <Button size="compact-sm" variant="light" onClick={copy}>
      {copied ? strings.copied : strings.copy}
    </Button>
  )
}
