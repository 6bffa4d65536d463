import { Badge, Button, Card, Group, Stack, Table, Text } from "@mantine/core"

import { CardTitle, doneToast, ErrorState, fileSize, LoadingState, PageHeader } from "../../ui"
import { ChooseCard } from "./ChooseCard"
import { useForgetNetworks, useNetworks, type Networks } from "./queries"
import { strings } from "./strings"

const COLORS = { none: "gray", checking: "gray", preparing: "gray", ready: "pine", failed: "brass" } as const

/** The networks behind the smart tool, for administrators. */
export function NetworksPage() {
  const networks = useNetworks()
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.title} about={strings.about} />
      {networks.isPending && <LoadingState label={strings.loading} />}
      {networks.isError && <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />}
      {networks.data && (
        <>
          <CurrentCard networks={networks.data} />
          {networks.data.source !== "settings" && <ChooseCard uploaded={networks.data.uploaded} />}
        </>
      )}
    </Stack>
  )
}

function CurrentCard({ networks }: { networks: Networks }) {
  const forget = useForgetNetworks()
  const { state, problem, source, kind, encoder, decoder, size_bytes: size } = networks
  const seen = strings.seenFacts(networks.cached_pictures, fileSize(networks.cached_bytes), fileSize(networks.cache_limit_bytes))
  const rows = [
    [strings.encoder, encoder],
    [strings.decoder, decoder],
    [strings.kind, kind && strings.kinds[kind]],
    [strings.size, size && fileSize(size)],
    [strings.aheadTitle, strings.ahead(networks.ahead)],
    [strings.seen, seen],
  ].filter(([, value]) => value)
  return (
    <Card data-testid="networks" data-state={state}>
      <Group justify="space-between" mb="xs">
        <Group gap="sm">
          <CardTitle gap={false}>{strings.current}</CardTitle>
          <Badge variant="light" color={COLORS[state]}>
            {strings.state[state]}
          </Badge>
        </Group>
        {source === "page" && (
          <Button size="compact-sm" variant="default" loading={forget.isPending} onClick={() => forget.mutate(undefined, { onSuccess: () => doneToast(strings.forgotten) })}>
            {strings.forget}
          </Button>
        )}
      </Group>
      {problem && (
        <Text className="my-bad" role="alert" mb="xs">
          {problem}
        </Text>
      )}
      {source === null ? (
        <Text c="dimmed">{strings.noNetworks}</Text>
      ) : (
        <Table>
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td w={220}>
                  <Text c="dimmed">{name}</Text>
                </Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {source === "settings" && (
        <Text size="sm" c="dimmed" mt="xs">
          {strings.bySettings}
        </Text>
      )}
    </Card>
  )
}
