import { Button, Card, Group, Stack, Text } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { useProject } from "../../api/shared"
import { isWhole } from "../../api/tasks"
import { Barred, EmptyState, ErrorState, LinkAnchor, LoadingState, PageHeader } from "../../ui"
import { ExportDialog } from "./ExportDialog"
import { FreezeDialog } from "./FreezeDialog"
import { useVersions, type Version } from "./queries"
import { SplitBar } from "./SplitBar"
import { strings } from "./strings"
import { day } from "./day"

/** Every frozen version, newest first. */
export function VersionsPage({ projectId }: { projectId: string }) {
  const versions = useVersions(projectId)
  const navigate = useNavigate()
  const [isFreezing, setFreezing] = useState(false)
  const [isExporting, setExporting] = useState(false)
  const items = versions.data?.items ?? []
  const isDrawn = !isWhole(useProject(projectId).data?.task ?? "classification")
  const mayNotExport = useWhyNot(projectId, "export")
  const mayNotFreeze = useWhyNot(projectId, "train")
  const freeze = (
    <Barred why={mayNotFreeze}>
      <Button onClick={() => setFreezing(true)}>{strings.freeze}</Button>
    </Barred>
  )
  return (
    <Stack>
      <PageHeader
        title={strings.title}
        about={strings.about}
        actions={
          <>
            <Barred why={mayNotExport}>
              <Button variant="default" onClick={() => setExporting(true)}>
                {strings.export}
              </Button>
            </Barred>
            {freeze}
          </>
        }
      />
      {versions.isPending && <LoadingState label={strings.loading} />}
      {versions.isError && <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      {versions.isSuccess && items.length === 0 && <EmptyState title={strings.emptyTitle} text={isDrawn ? strings.emptyDrawnText : strings.emptyText} action={freeze} />}
      {items.map((version) => (
        <VersionCard key={version.id} projectId={projectId} version={version} />
      ))}
      <FreezeDialog
        projectId={projectId}
        isOpen={isFreezing}
        onClose={() => setFreezing(false)}
        onFrozen={(versionId) => void navigate({ to: "/projects/$projectId/versions/$versionId", params: { projectId, versionId } })}
      />
      <ExportDialog projectId={projectId} versions={items} chosen="current" isOpen={isExporting} onClose={() => setExporting(false)} />
    </Stack>
  )
}

function VersionCard({ projectId, version }: { projectId: string; version: Version }) {
  return (
    <Card withBorder data-testid="version">
      <Group justify="space-between" align="baseline">
        <LinkAnchor to="/projects/$projectId/versions/$versionId" params={{ projectId, versionId: version.id }} fw={600}>
          {strings.version(version.number)}
        </LinkAnchor>
        <Text size="sm" c="dimmed">
          {strings.by(version.created_by_name, day(version.created_at))}
        </Text>
      </Group>
      {version.note && <Text size="sm">{version.note}</Text>}
      <Text size="sm" c="dimmed" mb={6}>
        {strings.contents(version.images, version.objects)} · {strings.classes(version.classes.length)}
      </Text>
      <SplitBar splits={version.splits} />
    </Card>
  )
}
