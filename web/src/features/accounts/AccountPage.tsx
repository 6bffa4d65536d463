import { Button, Card, Group, PasswordInput, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core"
import type { FormEvent, ReactNode } from "react"

import { useSession } from "../../api/shared"
import { doneToast, LinkButton, PageHeader } from "../../ui"
import { useUpdateMe } from "./queries"
import { strings as told } from "./notifications/strings"
import { strings as security } from "./security/strings"
import { strings } from "./strings"
import { TokensCard } from "./TokensCard"

export function AccountPage() {
  const user = useSession().data?.user
  const update = useUpdateMe()
  if (!user) return null
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    update.mutate({ name: String(new FormData(event.currentTarget).get("name")) }, { onSuccess: () => doneToast(strings.saved) })
  }
  const changePassword = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const values = new FormData(form)
    update.mutate(
      { password: { current: String(values.get("current")), new: String(values.get("new")) } },
      {
        onSuccess: () => {
          form.reset()
          doneToast(strings.passwordChanged)
        },
      },
    )
  }
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.accountTitle} about={strings.accountAbout} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Card component="form" onSubmit={rename}>
          <Title order={2} mb="sm">
            {strings.you}
          </Title>
          <Stack gap="sm">
            <TextInput label={strings.email} value={user.email} readOnly variant="filled" />
            <TextInput name="name" label={strings.name} defaultValue={user.name} required maxLength={100} />
            <Group>
              <Button type="submit" variant="default">
                {strings.save}
              </Button>
            </Group>
          </Stack>
        </Card>
        <Card component="form" onSubmit={changePassword}>
          <Title order={2} mb="sm">
            {strings.passwordTitle}
          </Title>
          <Stack gap="sm">
            <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
            <PasswordInput name="current" label={strings.currentPassword} autoComplete="current-password" required />
            <PasswordInput name="new" label={strings.newPassword} autoComplete="new-password" required />
            <Group>
              <Button type="submit" variant="default">
                {strings.changePassword}
              </Button>
            </Group>
          </Stack>
        </Card>
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <DoorTo title={security.title} about={security.card}>
          <LinkButton variant="default" to="/account/security">
            {security.open}
          </LinkButton>
        </DoorTo>
        <DoorTo title={strings.keys.title} about={strings.keys.card}>
          <LinkButton variant="default" to="/account/keys">
            {strings.keys.open}
          </LinkButton>
        </DoorTo>
        <DoorTo title={told.title} about={told.card}>
          <LinkButton variant="default" to="/account/notifications">
            {told.open}
          </LinkButton>
        </DoorTo>
      </SimpleGrid>
      <TokensCard />
    </Stack>
  )
}

/** A card that leads to a page of its own. */
function DoorTo({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <Card>
      <Stack gap="sm" justify="space-between" h="100%">
        <div>
          <Title order={2}>{title}</Title>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </div>
        <Group>{children}</Group>
      </Stack>
    </Card>
  )
}
