import { Button, Card, Group, Text, TextInput, Title } from "@mantine/core"
import { IconMail } from "@tabler/icons-react"
import { useState, type FormEvent } from "react"

import { withArticle, type Role } from "../../../../api/roles"
import type { Project } from "../../../../api/shared"
import { CopyField, doneToast, moment, useCopy } from "../../../../ui"
import { useAddMember, useInvite } from "../../queries"
import { strings } from "../strings"
import { RoleSelect } from "./RoleSelect"

/** Ways in: a link with a role, sent as one likes, or the address of somebody who has an account. */
export function Bring({ project }: { project: Project }) {
  const [role, setRole] = useState<Role>("annotator")
  const invite = useInvite(project.id)
  const add = useAddMember(project.id)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const email = String(new FormData(form).get("email"))
    add.mutate(
      { email, role },
      {
        onSuccess: (member) => {
          form.reset()
          doneToast(strings.added(member.name))
        },
      },
    )
  }
  return (
    <Card padding="lg">
      <Title order={2}>{strings.invite}</Title>
      <Text c="dimmed" mb="sm">
        {strings.inviteHint}
      </Text>
      <Group align="flex-end" mb="md">
        <RoleSelect label={strings.inviteAs} value={role} upTo={project.role} onChange={setRole} w={180} comboboxProps={{ width: 300, position: "bottom-start" }} />
        <Button onClick={() => invite.mutate(role)} loading={invite.isPending}>
          {invite.data ? strings.anotherLink : strings.makeLink}
        </Button>
      </Group>
      {invite.data && <Made project={project} link={invite.data} />}
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

function Made({ project, link }: { project: Project; link: { url: string; role: Role; expires_at: string } }) {
  const text = strings.mailText(project.name, withArticle(link.role), link.url, moment(link.expires_at))
  const { copy, copied } = useCopy(text)
  const mail = `mailto:?subject=${encodeURIComponent(strings.mailSubject(project.name))}&body=${encodeURIComponent(text)}`
  return (
    <>
      <CopyField label={strings.link} value={link.url} />
      <Group mt="xs" gap="xs">
        <Button variant="default" size="compact-sm" component="a" href={mail} leftSection={<IconMail size={14} aria-hidden />}>
          {strings.mail}
        </Button>
        <Button variant="default" size="compact-sm" onClick={copy}>
          {copied ? strings.copiedText : strings.copyText}
        </Button>
      </Group>
    </>
  )
}
