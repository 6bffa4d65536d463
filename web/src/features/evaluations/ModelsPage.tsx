import { Badge, Card, Group, Stack, Text } from "@mantine/core"
import type { ReactNode } from "react"

import { useProject } from "../../api/shared"
import { EmptyState, ErrorState, LinkAnchor, LoadingState, PageHeader } from "../../ui"
import { IntervalBar } from "./IntervalBar"
import { useModels, type Model } from "./queries"
import { strings } from "./strings"
import { between, exactly, percent } from "./words"

/** Every model, newest first, with how good it is; `train` is null where models cannot be trained yet. */
export function ModelsPage({ projectId, train, brought }: { projectId: string; train: ReactNode; brought: ReactNode }) {
  const models = useModels(projectId)
  const wish = useProject(projectId).data?.settings.wish_accuracy
  const items = models.data?.items ?? []
  return (
    <Stack>
      <PageHeader title={strings.title} about={strings.about} actions={items.length > 0 ? train : null} />
      {models.isPending && <LoadingState label={strings.loading} />}
      {models.isError && <ErrorState error={models.error} onRetry={() => void models.refetch()} />}
      {models.isSuccess && items.length === 0 && train && <EmptyState title={strings.emptyTitle} text={strings.emptyText} action={train} />}
      {models.isSuccess && items.length === 0 && !train && !brought && <EmptyState title={strings.emptyTitle} text={strings.untrained} />}
      {items.map((model) => (
        <ModelCard key={model.id} projectId={projectId} model={model} wish={wish} />
      ))}
      {brought}
    </Stack>
  )
}

function ModelCard({ projectId, model, wish }: { projectId: string; model: Model; wish: number | undefined }) {
  const { summary } = model
  return (
    <Card withBorder data-testid="model">
      <Group justify="space-between">
        <Group>
          <LinkAnchor to="/projects/$projectId/models/$modelId" params={{ projectId, modelId: model.id }} fw={600}>
            {strings.model(model.number)}
          </LinkAnchor>
          <WishBadge meetsWish={model.meets_wish} wish={wish} />
        </Group>
        <Text size="sm" c="dimmed">
          {strings.versionOf(model.version_number)}
        </Text>
      </Group>
      <Text size="sm" mt={4}>
        {strings.accuracy(exactly(summary.accuracy))}{" "}
        <Text span c="dimmed" size="sm">
          {strings.on[summary.split]}
          {strings.onNew(between(summary.accuracy_interval))}
        </Text>
      </Text>
      {summary.answered_share !== null && (
        <Text size="sm" c="dimmed">
          {strings.answered(percent(summary.answered_share), percent(summary.promise))}
        </Text>
      )}
      <IntervalBar value={summary.accuracy} interval={summary.accuracy_interval} wish={wish} label={strings.right} />
    </Card>
  )
}

export function WishBadge({ meetsWish, wish }: { meetsWish: boolean; wish: number | undefined }) {
  return (
    <Badge variant="light" color={meetsWish ? "pine" : "brass"} tt="none">
      {meetsWish || wish === undefined ? strings.meets : strings.below(percent(wish))}
    </Badge>
  )
}
