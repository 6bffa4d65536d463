import { Button, Card, Group, Stack, Text, Textarea, TextInput, Title } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"

import { useWhyNot } from "../../../api/roles"
import { useProject } from "../../../api/shared"
import { Barred, doneToast, ErrorState, LoadingState, undoToast } from "../../../ui"
import { useDeleteProject, useRestoreProject, useUpdateProject } from "../queries"
import { strings } from "./strings"

/** Name, description, and the end of the project. */
export function ProjectTab({ projectId }: { projectId: string }) {
  const project = useProject(projectId)
  const update = useUpdateProject(projectId)
  const remove = useDeleteProject(projectId)
  const restore = useRestoreProject(projectId)
  const navigate = useNavigate()
  const mayNotDelete = useWhyNot(projectId, "delete_project")
  if (project.isPending) return <LoadingState label={strings.loading} />
  if (project.isError) return <ErrorState error={project.error} onRetry={() => void project.refetch()} />
  const { name, description } = project.data
  const save = (change: { name?: string; description?: string }) => update.mutate(change, { onSuccess: () => doneToast(strings.saved) })
  const end = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        void navigate({ to: "/" })
        undoToast(strings.projectDeleted(name), () => restore.mutate())
      },
    })
  return (
    <Stack>
      <Card padding="lg">
        <Stack>
          <TextInput
            label={strings.name}
            defaultValue={name}
            maxLength={100}
            onBlur={(event) => {
              const next = event.currentTarget.value.trim()
              if (next !== "" && next !== name) save({ name: next })
            }}
          />
          <Textarea
            label={strings.description}
            defaultValue={description}
            autosize
            minRows={2}
            maxLength={2000}
            onBlur={(event) => event.currentTarget.value !== description && save({ description: event.currentTarget.value })}
          />
        </Stack>
      </Card>
      <Card padding="lg">
        <Group justify="space-between">
          <div>
            <Title order={2}>{strings.danger}</Title>
            <Text c="dimmed">{strings.dangerHint}</Text>
          </div>
          <Barred why={mayNotDelete}>
            <Button color="clay" variant="outline" onClick={end} loading={remove.isPending}>
              {strings.deleteProject}
            </Button>
          </Barred>
        </Group>
      </Card>
    </Stack>
  )
}
