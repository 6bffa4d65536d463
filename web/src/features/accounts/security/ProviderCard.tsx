import { Button, Card, Group, Modal, Stack, Text, Title } from "@mantine/core"
import { useState } from "react"

import { ago, doneToast } from "../../../ui"
import { ProofForm } from "./ProofForm"
import { useConnect, useDisconnect, type Security } from "./queries"
import { strings } from "./strings"

const { provider } = strings

/** Which people of the sign-in provider open this account. */
export function ProviderCard({ security, name }: { security: Security; name: string }) {
  const [isConnecting, setConnecting] = useState(false)
  const connect = useConnect()
  const disconnect = useDisconnect()
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{provider.title(name)}</Title>
          {security.has_password && security.identities.length === 0 && <Button onClick={() => setConnecting(true)}>{provider.connect}</Button>}
        </Group>
        {security.identities.length === 0 && <Text c="dimmed">{provider.about(name)}</Text>}
        {security.identities.map((identity) => (
          <Group key={identity.id} justify="space-between">
            <div>
              <Text fw={600}>{identity.email || provider.noEmail}</Text>
              <Text size="sm" c="dimmed">
                {identity.issuer} · {identity.last_sign_in_at ? provider.last(ago(identity.last_sign_in_at)) : provider.never}
              </Text>
            </div>
            {security.has_password && (
              <Button
                variant="subtle"
                color="clay"
                onClick={() => disconnect.mutate(identity.id, { onSuccess: () => doneToast(provider.disconnected(name)) })}
              >
                {provider.disconnect}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {isConnecting && (
        <Modal opened onClose={() => setConnecting(false)} title={provider.connectTitle(name)}>
          <ProofForm
            about={provider.connectAbout}
            button={provider.connect}
            isBusy={connect.isPending || connect.isSuccess}
            error={connect.error}
            onSubmit={({ password }) => connect.mutate(password)}
            onCancel={() => setConnecting(false)}
          />
        </Modal>
      )}
    </Card>
  )
}
