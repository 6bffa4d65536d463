import { Badge, Button, Card, Group, Stack, Table, Text } from "@mantine/core"

import { useSession } from "../../api/shared"
import { doneToast, ErrorState, LinkButton, LoadingState, moment, PageHeader, undoToast } from "../../ui"
import { usePeople, useResetSecondFactor, useSetDisabled } from "./queries"
import { strings as settings } from "./settings/strings"
import { strings } from "./strings"

/** Every account, for administrators. */
export function PeoplePage() {
  const people = usePeople()
  const me = useSession().data?.user
  const set = useSetDisabled()
  const reset = useResetSecondFactor()
  const close = (userId: string, name: string) =>
    set.mutate({ userId, disabled: true }, { onSuccess: () => undoToast(strings.closedToast(name), () => set.mutate({ userId, disabled: false })) })
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.peopleTitle} about={strings.peopleAbout} actions={<SignInLink />} />
      {people.isPending && <LoadingState label={strings.loadingPeople} />}
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && (
        <Card padding={0}>
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Tbody>
              {people.data.map((person) => (
                <Table.Tr key={person.id}>
                  <Table.Td>
                    <Group gap="xs">
                      <Text fw={600}>{person.name}</Text>
                      {person.has_second_factor && (
                        <Badge variant="light" color="gray">
                          {strings.secondFactor}
                        </Badge>
                      )}
                      {person.is_admin && <Badge variant="light">{strings.admin}</Badge>}
                      {person.disabled_at && (
                        <Badge variant="light" color="gray">
                          {strings.closed}
                        </Badge>
                      )}
                    </Group>
                    <Text size="sm" c="dimmed">
                      {person.email}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      {strings.since} {moment(person.created_at)}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right">
                    {person.has_second_factor && person.id !== me?.id && (
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        onClick={() => reset.mutate(person.id, { onSuccess: () => doneToast(strings.factorReset(person.name)) })}
                      >
                        {strings.resetFactor}
                      </Button>
                    )}
                    {person.disabled_at ? (
                      <Button variant="default" size="compact-sm" onClick={() => set.mutate({ userId: person.id, disabled: false })}>
                        {strings.open}
                      </Button>
                    ) : (
                      person.id !== me?.id && (
                        <Button variant="subtle" color="clay" size="compact-sm" onClick={() => close(person.id, person.name)}>
                          {strings.close}
                        </Button>
                      )
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </Stack>
  )
}

function SignInLink() {
  return (
    <LinkButton variant="default" to="/people/sign-in">
      {settings.open}
    </LinkButton>
  )
}
