import { Badge, Card, Group, Stack, Table, Text } from "@mantine/core"

import type { Schemas } from "../../../api/client"
import { useSession } from "../../../api/shared"
import { ErrorState, LinkButton, LoadingState, moment, PageHeader } from "../../../ui"
import { usePeople } from "../queries"
import { strings as settings } from "../settings/strings"
import { strings } from "../strings"
import { InstalledProjects } from "./InstalledProjects"
import { PersonMenu } from "./PersonMenu"

/** Every account and whose the projects are, for administrators. */
export function PeoplePage() {
  const people = usePeople()
  const me = useSession().data?.user
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.peopleTitle} about={strings.peopleAbout} actions={<Links />} />
      {people.isPending && <LoadingState label={strings.loadingPeople} />}
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && (
        <Card padding={0}>
          <Table verticalSpacing="sm" horizontalSpacing="md" data-testid="people">
            <Table.Tbody>
              {people.data.map((person) => (
                <Person key={person.id} person={person} people={people.data} isMe={person.id === me?.id} />
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
      {people.data && <InstalledProjects />}
    </Stack>
  )
}

function Person({ person, people, isMe }: { person: Schemas["Person"]; people: readonly Schemas["Person"][]; isMe: boolean }) {
  return (
    <Table.Tr>
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
      <Table.Td ta="right" w={50}>
        <PersonMenu person={person} people={people} isMe={isMe} />
      </Table.Td>
    </Table.Tr>
  )
}

function Links() {
  return (
    <Group gap="xs">
      <LinkButton variant="default" to="/people/history">
        {strings.history}
      </LinkButton>
      <LinkButton variant="default" to="/people/sign-in">
        {settings.open}
      </LinkButton>
    </Group>
  )
}
