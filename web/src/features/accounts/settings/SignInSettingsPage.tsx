import { Alert, Button, Card, Code, Group, Stack, Table, Text, Title } from "@mantine/core"
import { IconCircleCheck, IconPlugConnected } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"

import { api, unwrap, type Schemas } from "../../../api/client"
import { globalKeys } from "../../../api/keys"
import { CopyField, EmptyState, ErrorState, LinkAnchor, LoadingState, PageHeader } from "../../../ui"
import { strings } from "./strings"

type Settings = Schemas["ProviderSettings"]

/** How people sign in here, read-only, with what is wrong; for administrators. */
export function SignInSettingsPage() {
  const settings = useQuery({ queryKey: globalKeys.signInSettings, queryFn: () => unwrap(api.GET("/api/v1/sign-in-settings")), staleTime: 0 })
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.title} about={strings.about} above={<LinkAnchor to="/people">{strings.back}</LinkAnchor>} />
      {settings.isPending && <LoadingState label={strings.loading} />}
      {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.data && (
        <>
          <PasswordsCard settings={settings.data} />
          {settings.data.issuer ? (
            <ProviderCard settings={settings.data} isBusy={settings.isFetching} onAgain={() => void settings.refetch()} />
          ) : (
            <Card>
              <EmptyState title={strings.noProvider} text={strings.noProviderText} icon={<IconPlugConnected size={28} stroke={1.5} />} />
            </Card>
          )}
        </>
      )}
    </Stack>
  )
}

function PasswordsCard({ settings }: { settings: Settings }) {
  const refused = settings.is_password_accepted ? strings.passwordWaiting : strings.passwordOff
  return (
    <Card>
      <Title order={2} mb="sm">
        {strings.passwordsTitle}
      </Title>
      <Facts
        facts={[
          [strings.passwords, settings.password_sign_in ? strings.passwordOn : refused],
          [strings.factor, settings.second_factor_required ? strings.factorOn : strings.factorOff],
        ]}
      />
    </Card>
  )
}

function ProviderCard({ settings, isBusy, onAgain }: { settings: Settings; isBusy: boolean; onAgain: () => void }) {
  return (
    <Card>
      <Stack>
        <Group justify="space-between">
          <Title order={2}>{strings.provider}</Title>
          <Button variant="default" loading={isBusy} onClick={onAgain}>
            {strings.again}
          </Button>
        </Group>
        {settings.fault ? (
          <Alert color="clay" variant="light" title={strings.faultTitle} role="alert">
            {settings.fault}
          </Alert>
        ) : (
          <Alert variant="light" icon={<IconCircleCheck aria-hidden />}>
            {strings.good(settings.name)}
          </Alert>
        )}
        {settings.unknown_projects.length > 0 && <Alert color="brass">{strings.unknownProjects(settings.unknown_projects)}</Alert>}
        <Facts facts={facts(settings)} />
        <div>
          <Title order={3}>{strings.register}</Title>
          <Text c="dimmed">{strings.registerAbout}</Text>
        </div>
        <CopyField label={strings.redirect} value={settings.redirect_uri} />
        <CopyField label={strings.signOut} value={settings.sign_out_uri} />
      </Stack>
    </Card>
  )
}

function facts(settings: Settings): [string, ReactNode][] {
  return [
    [strings.issuer, <Code key="issuer">{settings.issuer}</Code>],
    [
      strings.client,
      <>
        <Code>{settings.client_id}</Code> {settings.has_client_secret ? strings.withSecret : strings.withoutSecret}
      </>,
    ],
    [strings.scopes, settings.scopes],
    [strings.algorithms, settings.algorithms.join(", ")],
    [strings.skew, strings.seconds(settings.clock_skew_s)],
    [strings.newPeople, settings.new_people ? strings.newPeopleOn : strings.newPeopleOff],
    [strings.email, settings.trust_email ? strings.emailOn : strings.emailOff],
    [strings.groupsClaim, <Code key="claim">{settings.groups_claim}</Code>],
    [strings.groups, settings.groups.length > 0 ? settings.groups.map((rule) => <div key={rule}>{rule}</div>) : strings.noGroups],
    [strings.people, settings.people.toLocaleString()],
  ]
}

function Facts({ facts: rows }: { facts: [string, ReactNode][] }) {
  return (
    <Table>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="14rem" fw={500}>
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
