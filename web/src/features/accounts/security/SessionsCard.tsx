import { Badge, Button, Card, Group, Stack, Table, Text, Title } from "@mantine/core"
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react"

import { ago, doneToast, ErrorState, LoadingState, moment } from "../../../ui"
import { browserName } from "./browserName"
import { useEndOtherSessions, useEndSession, useSessions, type OpenSession } from "./queries"
import { strings } from "./strings"

const { sessions: texts } = strings

/** Where one is signed in, with the way to end it. */
export function SessionsCard() {
  const sessions = useSessions()
  const endOthers = useEndOtherSessions()
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={2}>{texts.title}</Title>
            <Text c="dimmed">{texts.about}</Text>
          </div>
          {sessions.data && sessions.data.length > 1 && (
            <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined, { onSuccess: () => doneToast(texts.endedOthers) })}>
              {texts.endOthers}
            </Button>
          )}
        </Group>
        {sessions.isPending && <LoadingState label={strings.loading} />}
        {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
        {sessions.data && (
          <Table verticalSpacing="sm">
            <Table.Tbody>
              {sessions.data.map((session) => (
                <SessionRow key={session.id} session={session} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Card>
  )
}

function SessionRow({ session }: { session: OpenSession }) {
  const end = useEndSession()
  const Icon = /Mobile|iPhone|Android/.test(session.browser) ? IconDeviceMobile : IconDeviceDesktop
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Icon size={22} stroke={1.5} aria-hidden />
          <div>
            <Group gap="xs">
              <Text fw={600}>{browserName(session.browser, texts.unknown)}</Text>
              {session.is_current && <Badge variant="light">{texts.current}</Badge>}
              {session.via === "provider" && (
                <Badge variant="light" color="gray">
                  {texts.byProvider}
                </Badge>
              )}
              {session.has_second_factor && (
                <Badge variant="light" color="gray">
                  {texts.withCode}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              {[session.address, texts.seen(ago(session.last_seen_at)), texts.since(moment(session.created_at))].filter(Boolean).join(" · ")}
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td ta="right">
        {!session.is_current && (
          <Button
            variant="subtle"
            color="clay"
            size="compact-sm"
            loading={end.isPending}
            onClick={() => end.mutate(session.id, { onSuccess: () => doneToast(texts.ended) })}
          >
            {texts.end}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
