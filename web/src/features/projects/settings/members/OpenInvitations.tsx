import { Button, Card, Group, Stack, Text, Title } from "@mantine/core"

import { withArticle } from "../../../../api/roles"
import { doneToast, moment } from "../../../../ui"
import { useInvitations, useWithdraw } from "../../queries"
import { strings } from "../strings"

/** Links that nobody has used yet; each can be made worthless. */
export function OpenInvitations({ projectId }: { projectId: string }) {
  const invitations = useInvitations(projectId, true).data
  const withdraw = useWithdraw(projectId)
  if (!invitations || invitations.length === 0) return null
  return (
    <Card padding="lg" data-testid="invitations">
      <Title order={2} mb="xs">
        {strings.openInvitations}
      </Title>
      <Stack gap="xs">
        {invitations.map((entry) => (
          <Group key={entry.id} justify="space-between" wrap="nowrap">
            <Text size="sm">{strings.openInvitation(withArticle(entry.role), entry.invited_by, moment(entry.expires_at))}</Text>
            <Button
              variant="subtle"
              color="clay"
              size="compact-sm"
              loading={withdraw.isPending && withdraw.variables === entry.id}
              onClick={() => withdraw.mutate(entry.id, { onSuccess: () => doneToast(strings.withdrawn) })}
            >
              {strings.withdraw}
            </Button>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
