import { Alert, Card, Stack, Switch, Table, Text } from "@mantine/core"
import { IconMailOff } from "@tabler/icons-react"

import { useChooseNotifications, useNotificationSettings, type KindSetting } from "../../../api/notifications"
import { ErrorState, LoadingState, PageHeader } from "../../../ui"
import { strings } from "./strings"

/** What one is told of, kind by kind; saved at once. */
export function NotificationsPage() {
  const settings = useNotificationSettings()
  const choose = useChooseNotifications()
  if (settings.isPending) return <LoadingState label={strings.loading} />
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
  const { kinds, sends_mail, address } = settings.data
  const change = ({ kind, bell, mail }: KindSetting) => choose.mutate({ kinds: [{ kind, bell, mail }] })
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.title} about={strings.about} />
      {!sends_mail && (
        <Alert color="gray" icon={<IconMailOff size={18} aria-hidden />}>
          {strings.noMail}
        </Alert>
      )}
      <Card>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{strings.kind}</Table.Th>
              <Table.Th w={110}>{strings.bell}</Table.Th>
              <Table.Th w={110}>{strings.mail}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {kinds.map((row) => (
              <Table.Tr key={row.kind}>
                <Table.Td>{row.text}</Table.Td>
                <Table.Td>
                  <Switch checked={row.bell} disabled={choose.isPending} aria-label={strings.bellOf(row.text)} onChange={(event) => change({ ...row, bell: event.currentTarget.checked })} />
                </Table.Td>
                <Table.Td>
                  <Switch checked={row.bell && row.mail} disabled={choose.isPending || !row.bell || !sends_mail} aria-label={strings.mailOf(row.text)} onChange={(event) => change({ ...row, mail: event.currentTarget.checked })} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {sends_mail && (
          <Text size="sm" c="dimmed" mt="sm">
            {strings.mailGoes(address)}
          </Text>
        )}
      </Card>
    </Stack>
  )
}
