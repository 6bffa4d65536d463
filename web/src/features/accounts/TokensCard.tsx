import { Alert, Badge, Button, Card, Checkbox, Group, Select, Stack, Table, Text, TextInput, Title } from "@mantine/core"
import { useState, type FormEvent } from "react"

import { ago, CopyField, doneToast, ErrorState, LoadingState, moment } from "../../ui"
import { useCreateToken, useRevokeToken, useTokens } from "./queries"
import { strings } from "./strings"

type Scope = "read" | "write" | "predict"
const SCOPES: readonly Scope[] = ["read", "write", "predict"]
const ENDS = [30, 90, 365]

/** One's own API tokens. A new one is shown once. */
export function TokensCard() {
  const tokens = useTokens()
  const revoke = useRevokeToken()
  return (
    <Card>
      <Stack>
        <div>
          <Title order={2}>{strings.tokens}</Title>
          <Text c="dimmed">{strings.tokensAbout}</Text>
        </div>
        <NewToken />
        {tokens.isPending && <LoadingState label={strings.loadingTokens} />}
        {tokens.isError && <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />}
        {tokens.data?.length === 0 && <Text c="dimmed">{strings.noTokens}</Text>}
        {tokens.data && tokens.data.length > 0 && (
          <Table>
            <Table.Tbody>
              {tokens.data.map((token) => (
                <Table.Tr key={token.id}>
                  <Table.Td>
                    <Text fw={600}>{token.name}</Text>
                    <Text size="xs" c="dimmed" ff="monospace">
                      {token.prefix}…
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      {token.scopes.map((scope) => (
                        <Badge key={scope} variant="light" color="gray">
                          {strings.scope[scope] ?? scope}
                        </Badge>
                      ))}
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">
                      {strings.lastUsed}: {token.last_used_at ? ago(token.last_used_at) : strings.neverUsed}
                    </Text>
                    <Text size="sm" c="dimmed">
                      {token.expires_at ? `${strings.ends} ${moment(token.expires_at)}` : strings.never}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">
                    <Button
                      variant="subtle"
                      color="clay"
                      size="compact-sm"
                      onClick={() => revoke.mutate(token.id, { onSuccess: () => doneToast(strings.revoked(token.name)) })}
                    >
                      {strings.revoke}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Card>
  )
}

function NewToken() {
  const create = useCreateToken()
  const [scopes, setScopes] = useState<string[]>(["read", "predict"])
  const [days, setDays] = useState("90")
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const name = String(new FormData(form).get("name"))
    create.mutate({ name, scopes: SCOPES.filter((scope) => scopes.includes(scope)), expires_in_days: days === "never" ? null : Number(days) }, { onSuccess: () => form.reset() })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput name="name" label={strings.tokenName} placeholder={strings.tokenNamePlaceholder} required maxLength={100} flex="1 1 12rem" />
        <Checkbox.Group label={strings.scopes} value={scopes} onChange={setScopes}>
          <Group h={36} gap="sm">
            {SCOPES.map((scope) => (
              <Checkbox key={scope} value={scope} label={strings.scope[scope]} />
            ))}
          </Group>
        </Checkbox.Group>
        <Select
          label={strings.expires}
          value={days}
          onChange={(value) => setDays(value ?? "90")}
          allowDeselect={false}
          w="9rem"
          data={[...ENDS.map((count) => ({ value: String(count), label: strings.days(count) })), { value: "never", label: strings.never }]}
        />
        <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>
          {strings.makeToken}
        </Button>
      </Group>
      {create.data && (
        <Alert color="brass" mt="md" data-testid="new-token">
          <Stack gap="xs">
            <Text size="sm">{strings.tokenOnce}</Text>
            <CopyField label={strings.token} value={create.data.token} />
          </Stack>
        </Alert>
      )}
    </form>
  )
}
