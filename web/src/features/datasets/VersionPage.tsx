import { Alert, Button, Card, Select, Stack, Table, Text, Tooltip } from "@mantine/core"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { useProject } from "../../api/shared"
import { isWhole } from "../../api/tasks"
import { Barred, CardTitle, ErrorState, LinkButton, LoadingState, PageHeader } from "../../ui"
import { ClassCounts } from "./ClassCounts"
import { day } from "./day"
import { DiffView } from "./DiffView"
import { ExportDialog } from "./ExportDialog"
import { useDiff, useVersion, useVersions } from "./queries"
import { SplitBar } from "./SplitBar"
import { strings } from "./strings"
import { VersionImages } from "./VersionImages"

interface Props {
  projectId: string
  versionId: string
  against: string | null
  onAgainst: (versionId: string | null) => void
}

/** One frozen version: what is in it, what changed, and out with it. */
export function VersionPage({ projectId, versionId, against, onAgainst }: Props) {
  const version = useVersion(projectId, versionId)
  const versions = useVersions(projectId)
  const diff = useDiff(projectId, versionId, against)
  const [isExporting, setExporting] = useState(false)
  const mayNotExport = useWhyNot(projectId, "export")
  const mayNotTrain = useWhyNot(projectId, "train")
  const canTrain = isWhole(useProject(projectId).data?.task ?? "")
  if (version.isPending) return <LoadingState label={strings.loading} />
  if (version.isError) return <ErrorState error={version.error} onRetry={() => void version.refetch()} />
  const others = (versions.data?.items ?? []).filter((entry) => entry.id !== versionId)
  const older = others.find((entry) => entry.id === against)
  const names = new Map([...version.data.classes, ...(older?.classes ?? [])].map((entry) => [entry.id, entry.name]))
  return (
    <Stack>
      <PageHeader
        title={strings.version(version.data.number)}
        about={[version.data.note, strings.by(version.data.created_by_name, day(version.data.created_at))].filter(Boolean).join(" · ")}
        actions={
          <>
            <Barred why={mayNotExport}>
              <Button variant={canTrain ? "default" : "filled"} onClick={() => setExporting(true)}>
                {strings.export}
              </Button>
            </Barred>
            {canTrain && mayNotTrain === null && (
              <LinkButton to="/projects/$projectId/runs" params={{ projectId }} search={{ start: versionId }}>
                {strings.train}
              </LinkButton>
            )}
          </>
        }
      />
      <Card withBorder>
        <CardTitle>{strings.contents(version.data.images, version.data.objects)}</CardTitle>
        <SplitBar splits={version.data.splits} />
        {version.data.nothing_here > 0 && (
          <Text size="xs" c="dimmed">
            {strings.nothingHere(version.data.nothing_here)}
          </Text>
        )}
        <Tooltip label={strings.hashHelp}>
          <Text size="xs" c="dimmed" mt="xs" truncate>
            {strings.hash}: {version.data.content_hash}
          </Text>
        </Tooltip>
      </Card>
      {version.data.left_out.length > 0 && (
        <Alert color="brass" title={strings.leftOut}>
          {version.data.left_out.map((entry) => `${entry.name} (${strings.contents(entry.images, entry.objects)}): ${entry.reason}`).join(" ")}
        </Alert>
      )}
      <Card withBorder>
        <Table.ScrollContainer minWidth={300} mah={420}>
          <ClassCounts classes={version.data.classes} hasBars />
        </Table.ScrollContainer>
      </Card>
      {others.length > 0 && (
        <Card withBorder>
          <Stack>
            <Select
              label={strings.compare}
              w={220}
              clearable
              value={against}
              onChange={onAgainst}
              data={others.map((entry) => ({ value: entry.id, label: strings.version(entry.number) }))}
            />
            {diff.isError && <ErrorState error={diff.error} onRetry={() => void diff.refetch()} />}
            {against !== null && diff.isPending && <LoadingState label={strings.loading} />}
            {diff.data && <DiffView diff={diff.data} nameOf={(id) => names.get(id) ?? "?"} isDrawn={version.data.objects !== null} />}
          </Stack>
        </Card>
      )}
      <VersionImages projectId={projectId} version={version.data} />
      <ExportDialog key={versionId} projectId={projectId} versions={versions.data?.items ?? []} chosen={versionId} isOpen={isExporting} onClose={() => setExporting(false)} />
    </Stack>
  )
}
