import { Group, Text, Title } from "@mantine/core"
import { IconChecks } from "@tabler/icons-react"

import { useBatch } from "../../../api/batches"
import { useClasses, useProject } from "../../../api/shared"
import { EmptyState, ErrorState, LinkAnchor, LinkButton, LoadingState } from "../../../ui"
import { DrawPage } from "../draw/DrawPage"
import classes from "./adjudicate.module.css"
import { Picture } from "./Picture"
import { strings } from "./strings"
import { useWay } from "./useWay"

interface Props {
  projectId: string
  batchId: string
  imageId: string | null
  /** Whether the answer is being drawn. */
  isEditing: boolean
  onView: (view: { imageId: string | null; isEditing?: boolean }) => void
}

/** Picture after picture in which people differ: what each of them said, and the answer that somebody gives. */
export function AdjudicatePage({ projectId, batchId, imageId, isEditing, onView }: Props) {
  const batch = useBatch(projectId, batchId).data
  const project = useProject(projectId).data
  const choices = useClasses(projectId).data
  const way = useWay({ projectId, batchId, imageId, onView })
  const above = batch && (
    <LinkAnchor size="sm" to="/projects/$projectId/batches/$batchId" params={{ projectId, batchId }}>
      {strings.toBatch(batch.name)}
    </LinkAnchor>
  )
  if (way.error) return <ErrorState error={way.error} onRetry={way.retry} />
  if (!batch || !project || !choices || way.isLoading) return <LoadingState label={strings.loading} shape="cards" />
  if (isEditing && imageId !== null) {
    const back = (
      <div>
        <LinkAnchor size="sm" to="/projects/$projectId/batches/$batchId/decide" params={{ projectId, batchId }} search={{ image: imageId }}>
          {strings.backToOpinions}
        </LinkAnchor>
        <Title order={1}>{strings.editing(way.nameOf(imageId))}</Title>
        <Text size="sm" c="dimmed">
          {strings.editingText}
        </Text>
      </div>
    )
    return <DrawPage projectId={projectId} batchId={null} order={null} imageId={imageId} heading={back} onView={() => void way.drawn(imageId)} />
  }
  return (
    <div className={classes.page} data-testid="decide">
      <Group justify="space-between" align="flex-end">
        <div>
          {above}
          <Group gap="md">
            <Title order={1}>{strings.title}</Title>
            <Text size="sm" c="dimmed" data-testid="left">
              {strings.left(batch.disputed)}
            </Text>
          </Group>
        </div>
        <Text size="sm" c="dimmed" maw="26rem">
          {strings.about}
        </Text>
      </Group>
      {way.imageId === null ? (
        <EmptyState
          icon={<IconChecks size={28} stroke={1.5} />}
          title={strings.doneTitle}
          text={strings.doneText}
          action={
            <LinkButton to="/projects/$projectId/batches/$batchId" params={{ projectId, batchId }}>
              {strings.toBatch(batch.name)}
            </LinkButton>
          }
        />
      ) : (
        <Picture key={way.imageId} {...{ projectId, batchId, choices, way }} imageId={way.imageId} task={project.task} onEdit={(id) => onView({ imageId: id, isEditing: true })} />
      )}
    </div>
  )
}
