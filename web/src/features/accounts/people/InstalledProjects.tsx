import { Button, Card, Group, Modal, Stack, Table, Text, TextInput, Title } from "@mantine/core"
import { useState, type FormEvent } from "react"

import type { Schemas } from "../../../api/client"
import { doneToast, ErrorState, LoadingState } from "../../../ui"
import { useInstalledProjects, useTakeOver } from "../queries"
import { strings } from "../strings"

type Project = Schemas["InstalledProject"]

/** Whose the projects are; an administrator can become an owner of one, for a reason that is kept. */
export function InstalledProjects() {
  const projects = useInstalledProjects()
  const [taking, setTaking] = useState<Project | null>(null)
  return (
    <Card padding="lg">
      <Title order={2}>{strings.installedTitle}</Title>
      <Text c="dimmed" mb="sm">
        {strings.installedAbout}
      </Text>
      {projects.isPending && <LoadingState label={strings.loadingProjects} />}
      {projects.isError && <ErrorState error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.data?.length === 0 && <Text c="dimmed">{strings.noProjects}</Text>}
      {projects.data && projects.data.length > 0 && (
        <Table verticalSpacing="xs" data-testid="installed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{strings.project}</Table.Th>
              <Table.Th>{strings.owners}</Table.Th>
              <Table.Th>{strings.members}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {projects.data.map((project) => (
              <Table.Tr key={project.id}>
                <Table.Td>
                  {project.name}
                  {project.deleted_at && (
                    <Text span size="sm" c="dimmed">
                      {" "}
                      ({strings.deleted})
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{strings.ownedBy(project.owners)}</Table.Td>
                <Table.Td>{project.members}</Table.Td>
                <Table.Td ta="right">
                  {!project.is_member && (
                    <Button variant="subtle" size="compact-sm" onClick={() => setTaking(project)}>
                      {strings.takeOver}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {taking && <TakeOverDialog project={taking} onClose={() => setTaking(null)} />}
    </Card>
  )
}

function TakeOverDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const takeOver = useTakeOver()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get("reason"))
    takeOver.mutate(
      { projectId: project.id, reason },
      {
        onSuccess: () => {
          doneToast(strings.tookOver(project.name))
          onClose()
        },
      },
    )
  }
  return (
    <Modal opened onClose={onClose} title={strings.takeOverTitle(project.name)} centered>
      <form onSubmit={submit}>
        <Stack>
          <Text>{strings.takeOverText}</Text>
          <TextInput name="reason" label={strings.reason} placeholder={strings.reasonPlaceholder} required minLength={3} maxLength={300} data-autofocus />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {strings.cancel}
            </Button>
            <Button type="submit" loading={takeOver.isPending}>
              {strings.takeOverButton}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
