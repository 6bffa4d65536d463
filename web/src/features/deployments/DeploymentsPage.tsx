import { Button, Card, Code, Group, Stack, Text } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { useProject } from "../../api/shared"
import { isWhole } from "../../api/tasks"
import { Barred, EmptyState, ErrorState, LinkAnchor, LoadingState, PageHeader } from "../../ui"
import { DeployDialog } from "./DeployDialog"
import { useDeployments } from "./queries"
import { StateBadge } from "./StateBadge"
import { strings } from "./strings"

interface Props {
  projectId: string
  /** Opens the dialog for this model. */
  model: string | null
}

/** Every deployment of the project. */
export function DeploymentsPage({ projectId, model }: Props) {
  const deployments = useDeployments(projectId)
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(model !== null)
  const task = useProject(projectId).data?.task
  const isTrained = task === undefined || isWhole(task)
  const items = deployments.data?.items ?? []
  const mayNot = useWhyNot(projectId, "deploy")
  const deploy = (
    <Barred why={mayNot}>
      <Button onClick={() => setOpen(true)}>{strings.deploy}</Button>
    </Barred>
  )
  return (
    <Stack>
      <PageHeader title={strings.title} about={strings.about} actions={items.length > 0 ? deploy : null} />
      {deployments.isPending && <LoadingState label={strings.loading} />}
      {deployments.isError && <ErrorState error={deployments.error} onRetry={() => void deployments.refetch()} />}
      {deployments.isSuccess && items.length === 0 && <EmptyState title={strings.emptyTitle} text={isTrained ? strings.emptyText : strings.untrained} action={isTrained && deploy} />}
      {items.map((deployment) => (
        <Card key={deployment.id} data-testid="deployment">
          <Group justify="space-between">
            <Group>
              <LinkAnchor to="/projects/$projectId/deployments/$name" params={{ projectId, name: deployment.name }} fw={600}>
                {deployment.name}
              </LinkAnchor>
              <StateBadge state={deployment.state} />
              <Text size="sm" c="dimmed">
                {strings.modelNumber(deployment.model_number)}
              </Text>
            </Group>
            <Text size="sm" c="dimmed">
              {deployment.keep_predictions ? strings.kept(deployment.predictions_kept) : ""}
            </Text>
          </Group>
          <Code mt="xs">{deployment.url}</Code>
        </Card>
      ))}
      <DeployDialog
        key={model ?? ""}
        projectId={projectId}
        model={model}
        isOpen={isOpen && mayNot === null}
        onClose={() => setOpen(false)}
        onCreated={(deployment) => void navigate({ to: "/projects/$projectId/deployments/$name", params: { projectId, name: deployment.name } })}
      />
    </Stack>
  )
}
