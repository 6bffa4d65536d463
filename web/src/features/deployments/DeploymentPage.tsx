import { Alert, Button, Group, Menu, Modal, SimpleGrid, Stack, Text } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { Barred, CopyField, doneToast, ErrorState, LoadingState, PageHeader, percent } from "../../ui"
import { DoubtCard } from "./DoubtCard"
import { KeepCard } from "./KeepCard"
import { useDeployment, useModelChoices, useRemove, useUpdate } from "./queries"
import { Snippets } from "./Snippets"
import { StateBadge } from "./StateBadge"
import { strings } from "./strings"
import { TryIt } from "./TryIt"

/** One deployment: try it, use it, and what it keeps. */
export function DeploymentPage({ projectId, name }: { projectId: string; name: string }) {
  const query = useDeployment(projectId, name)
  const models = useModelChoices(projectId)
  const update = useUpdate(projectId, name)
  const remove = useRemove(projectId, name)
  const navigate = useNavigate()
  const mayNot = useWhyNot(projectId, "deploy")
  const [isRemoving, setRemoving] = useState(false)
  if (query.isPending) return <LoadingState label={strings.loading} shape="cards" />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const deployment = query.data
  const others = (models.data?.items ?? []).filter((entry) => entry.id !== deployment.model_id)

  function away() {
    remove.mutate(undefined, {
      onSuccess: () => {
        doneToast(strings.removed(name))
        void navigate({ to: "/projects/$projectId/deployments", params: { projectId } })
      },
    })
  }

  return (
    <Stack>
      <PageHeader
        title={deployment.name}
        about={
          <Group gap="xs">
            <StateBadge state={deployment.state} /> {strings.modelNumber(deployment.model_number)}
          </Group>
        }
        actions={
          <Barred why={mayNot}>
            {others.length > 0 && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default">{strings.changeModel}</Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {others.map((entry) => (
                    <Menu.Item key={entry.id} onClick={() => update.mutate({ model_id: entry.id, accept_below_wish: false })}>
                      {strings.modelNamed(entry.number, percent(entry.summary.accuracy))}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            )}
            <Button variant="default" loading={update.isPending} onClick={() => update.mutate({ is_active: !deployment.is_active, accept_below_wish: false })}>
              {deployment.is_active ? strings.stop : strings.start}
            </Button>
            <Button variant="default" c="var(--mantine-color-error)" onClick={() => setRemoving(true)}>
              {strings.remove}
            </Button>
          </Barred>
        }
      />
      {deployment.below_wish && (
        <Alert color="brass" title={strings.belowWish}>
          {deployment.below_wish}
        </Alert>
      )}
      <CopyField label={strings.address} value={deployment.url} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <TryIt projectId={projectId} deployment={deployment} />
        <Snippets url={deployment.url} />
      </SimpleGrid>
      <KeepCard projectId={projectId} deployment={deployment} />
      <DoubtCard projectId={projectId} deployment={deployment} />
      <Modal opened={isRemoving} onClose={() => setRemoving(false)} title={strings.removeTitle(name)}>
        <Stack>
          <Text>{strings.removeText(deployment.predictions_kept)}</Text>
          <Group justify="flex-end">
            <Button color="clay" loading={remove.isPending} onClick={away}>
              {strings.remove}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  )
}
