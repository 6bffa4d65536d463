import { Anchor, Avatar, Button, Card, Group, Stack, Table, Text, TextInput, Title } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import type { FormEvent } from "react"

import { useSession } from "../../../api/shared"
import { CopyField, doneToast, ErrorState, LoadingState, undoToast } from "../../../ui"
import { useAddMember, useInvite, useMembers, useRemoveMember } from "../queries"
import { strings } from "./strings"

export function MembersTab({ projectId }: { projectId: string }) {
  return (
    <Stack>
      <Card padding="lg">
        <Title order={2}>{strings.members}</Title>
        <Text c="dimmed" mb="sm">
          {strings.membersHint}
        </Text>
        <Members projectId={projectId} />
      </Card>
      <Bring projectId={projectId} />
      <Text size="sm" c="dimmed">
        {strings.tokens}{" "}
        <Anchor component={Link} to="/account" size="sm">
          {strings.tokensLink}
        </Anchor>
        .
      </Text>
    </Stack>
  )
}

function Members({ projectId }: { projectId: string }) {
  const members = useMembers(projectId)
  const me = useSession().data?.user
  const remove = useRemoveMember(projectId)
  const add = useAddMember(projectId)
  if (members.isPending) return <LoadingState label={strings.loading} />
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />
  return (
    <Table verticalSpacing="xs" data-testid="members">
      <Table.Tbody>
        {members.data.map((member) => (
          <Table.Tr key={member.user_id}>
            <Table.Td w={50}>
              <Avatar name={member.name} size={32} color="pine" aria-hidden />
            </Table.Td>
            <Table.Td>
              <Text fw={600}>
                {member.name}
                {member.user_id === me?.id && (
                  <Text span c="dimmed" fw={400}>
                    {" "}
                    ({strings.you})
                  </Text>
                )}
              </Text>
              <Text size="sm" c="dimmed">
                {member.email}
              </Text>
            </Table.Td>
            <Table.Td ta="right">
              {members.data.length > 1 && (
                <Button
                  variant="subtle"
                  color="clay"
                  size="compact-sm"
                  onClick={() => remove.mutate(member.user_id, { onSuccess: () => undoToast(strings.removed(member.name), () => add.mutate(member.email)) })}
                >
                  {strings.removeMember}
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Bring({ projectId }: { projectId: string }) {
  const invite = useInvite(projectId)
  const add = useAddMember(projectId)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    add.mutate(String(new FormData(form).get("email")), {
      onSuccess: (member) => {
        form.reset()
        doneToast(strings.added(member.name))
      },
    })
  }
  return (
    <Card padding="lg">
      <Title order={2}>{strings.invite}</Title>
      <Text c="dimmed" mb="sm">
        {strings.inviteHint}
      </Text>
      {invite.data ? (
        <CopyField label={strings.link} value={invite.data.url} />
      ) : (
        <Group>
          <Button onClick={() => invite.mutate()} loading={invite.isPending}>
            {strings.makeLink}
          </Button>
        </Group>
      )}
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs" mt="lg">
          <TextInput name="email" type="email" label={strings.addMember} placeholder={strings.email} required flex={1} />
          <Button type="submit" variant="default" loading={add.isPending}>
            {strings.add}
          </Button>
        </Group>
      </form>
    </Card>
  )
}
