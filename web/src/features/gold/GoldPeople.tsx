import { Alert, Button, Card, Group, Table, Text } from "@mantine/core"
import { useState } from "react"

import { CardTitle, doneToast, percent } from "../../ui"
import { useResume, type GoldPerson, type GoldRate } from "./queries"
import { SaidDrawer } from "./SaidDrawer"
import { strings } from "./strings"

/** How each person does on known pictures, and who gets none for now. */
export function GoldPeople({ projectId, people }: { projectId: string; people: readonly GoldPerson[] }) {
  const [shown, setShown] = useState<GoldPerson | null>(null)
  return (
    <Card padding="lg">
      <CardTitle gap={false}>{strings.peopleTitle}</CardTitle>
      <Text size="sm" c="dimmed" mb="xs">
        {strings.peopleText}
      </Text>
      {people.filter(({ paused_at }) => paused_at).map((person) => <Paused key={person.user_id} projectId={projectId} person={person} onShow={() => setShown(person)} />)}
      {people.length === 0 ? (
        <Text c="dimmed">{strings.nobody}</Text>
      ) : (
        <Table.ScrollContainer minWidth={620}>
          <Table data-testid="gold-people">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{strings.person}</Table.Th>
                {[strings.accuracy, strings.withSuggestions, strings.withoutSuggestions, strings.score, strings.left].map((name) => (
                  <Table.Th key={name} ta="right">
                    {name}
                  </Table.Th>
                ))}
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((person) => (
                <Table.Tr key={person.user_id}>
                  <Table.Td>{person.name}</Table.Td>
                  {[person.all, person.with_suggestions, person.without_suggestions].map((rate, place) => (
                    <Table.Td key={place} ta="right">
                      <Rate rate={rate} />
                    </Table.Td>
                  ))}
                  <Table.Td ta="right">{person.mean_score === null ? strings.none : person.mean_score.toFixed(2)}</Table.Td>
                  <Table.Td ta="right">{person.left.toLocaleString("en")}</Table.Td>
                  <Table.Td ta="right">
                    {person.all.known > 0 && (
                      <Button variant="subtle" size="compact-sm" onClick={() => setShown(person)}>
                        {strings.said}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <SaidDrawer projectId={projectId} person={shown} onClose={() => setShown(null)} />
    </Card>
  )
}

function Rate({ rate }: { rate: GoldRate }) {
  if (rate.accuracy === null) return <Text c="dimmed">{strings.none}</Text>
  return (
    <>
      {percent(rate.accuracy)}
      <Text size="xs" c="dimmed">
        {strings.of(rate.right, rate.known)}
      </Text>
    </>
  )
}

function Paused({ projectId, person, onShow }: { projectId: string; person: GoldPerson; onShow: () => void }) {
  const resume = useResume(projectId)
  return (
    <Alert color="brass" mb="sm" title={strings.isPaused(person.name)}>
      <Group justify="space-between">
        <Text size="sm">{person.paused_because}.</Text>
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={onShow}>
            {strings.said}
          </Button>
          <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate(person.user_id, { onSuccess: () => doneToast(strings.resumed(person.name)) })}>
            {strings.resume}
          </Button>
        </Group>
      </Group>
    </Alert>
  )
}
