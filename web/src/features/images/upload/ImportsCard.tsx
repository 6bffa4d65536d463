import { Alert, Anchor, Button, Card, Group, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { ago, FewLines, JobLine } from "../../../ui"
import { strings } from "../strings"
import { useDecide } from "./changes"
import { ChangesDialog } from "./ChangesDialog"
import { Difference } from "./Difference"
import { ReportDialog } from "./ReportDialog"
import { useCancelImport, useFinish, useImportJob, useImports, useRetryImport, type Import } from "./useUpload"

const RECENT_MS = 24 * 3600 * 1000

interface Props {
  projectId: string
  /** The import that this tab is sending right now; it has its own card. */
  sending: string | null
  onShowImport: (importId: string) => void
}

/** What came in lately: an upload to go on with, an import at work, or the newest report. */
export function ImportsCard({ projectId, sending, onShowImport }: Props) {
  const imports = useImports(projectId)
  const [hidden, setHidden] = useState<string | null>(null)
  const [opened, setOpened] = useState<Import | null>(null)
  const [compared, setCompared] = useState<string | null>(null)
  const list = imports.data?.items ?? []
  const unfinished = list.find((entry) => entry.state === "receiving" && entry.id !== sending)
  const running = list.find((entry) => entry.state === "running" || isChanging(entry))
  const looked = list.find((entry) => entry.id === compared)
  const newest = list[0]
  const isReport = newest?.state === "finished" && newest.id !== hidden && newest.finished_at !== null && isRecent(newest.finished_at)
  return (
    <>
      {unfinished && <Unfinished projectId={projectId} entry={unfinished} />}
      {running && <Running projectId={projectId} entry={running} />}
      {isReport && !isChanging(newest) && (
        <Report
          projectId={projectId}
          entry={newest}
          onShow={() => onShowImport(newest.id)}
          onOpen={() => setOpened(newest)}
          onCompare={() => setCompared(newest.id)}
          onHide={() => setHidden(newest.id)}
        />
      )}
      {opened && <ReportDialog entry={opened} onClose={() => setOpened(null)} />}
      {looked && <ChangesDialog projectId={projectId} entry={looked} onClose={() => setCompared(null)} />}
    </>
  )
}

const isChanging = (entry: Import) => entry.changes?.state === "applying" || entry.changes?.state === "taking_back"

function isRecent(time: string): boolean {
  return Date.now() - Date.parse(time) < RECENT_MS
}

function Unfinished({ projectId, entry }: { projectId: string; entry: Import }) {
  const finish = useFinish(projectId)
  return (
    <Card data-testid="unfinished">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={600}>{strings.unfinishedTitle}</Text>
          <Text size="sm">{strings.unfinished(entry.source, entry.unfinished_files)}</Text>
        </div>
        <Button variant="default" flex="none" onClick={() => finish.mutate(entry.id)} loading={finish.isPending}>
          {strings.finishWithout}
        </Button>
      </Group>
    </Card>
  )
}

function Running({ projectId, entry }: { projectId: string; entry: Import }) {
  const job = useImportJob(projectId, entry.job_id).data
  const cancel = useCancelImport(projectId)
  const retry = useRetryImport(projectId)
  if (!job) return null
  if (job.state === "failed" || job.state === "cancelled") {
    return (
      <Card data-testid="import-failed">
        <Group justify="space-between" wrap="nowrap">
          <div>
            <Text fw={600}>{job.state === "failed" ? strings.importFailed : strings.importCancelled}</Text>
            <Text size="sm">{job.problem?.detail ?? strings.importKept}</Text>
          </div>
          <Button variant="default" flex="none" onClick={() => retry.mutate(job.id)} loading={retry.isPending}>
            {strings.goOn}
          </Button>
        </Group>
      </Card>
    )
  }
  return (
    <Card data-testid="importing">
      <JobLine job={job} title={strings.changing[entry.changes?.state ?? ""] ?? strings.checking} isStopping={cancel.isPending} onCancel={() => cancel.mutate(job.id)} />
    </Card>
  )
}

interface ReportProps {
  projectId: string
  entry: Import
  onShow: () => void
  onOpen: () => void
  onCompare: () => void
  onHide: () => void
}

function Report({ projectId, entry, onShow, onOpen, onCompare, onHide }: ReportProps) {
  const decide = useDecide(projectId)
  const job = useImportJob(projectId, entry.job_id).data
  const facts = [
    strings.added(entry.added),
    entry.duplicates > 0 ? strings.duplicates(entry.duplicates) : null,
    entry.refused > 0 ? strings.refused(entry.refused) : null,
    entry.annotations > 0 ? strings.withClass(entry.annotations) : null,
  ].filter(Boolean)
  const problem = job?.state === "failed" ? job.problem?.detail : undefined
  const canTakeBack = entry.annotations + (entry.changes?.applied ?? 0) > 0 && entry.changes?.state !== "taken_back"
  return (
    <Card py="xs" data-testid="import-report">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <Text size="sm">
            <b>{strings.reportTitle}</b>
            {entry.finished_at && `, ${ago(entry.finished_at)}`}: {facts.join(" · ")}
          </Text>
          <Group gap="md">
            {entry.added > 0 && <Link text={strings.showAdded} onClick={onShow} />}
            <Link text={strings.showReport} onClick={onOpen} />
            {canTakeBack && <Link text={strings.takeBack} onClick={() => decide.mutate({ entry, step: { kind: "take-back" } })} />}
            <Link text={strings.dismiss} onClick={onHide} />
          </Group>
        </Group>
        {problem !== undefined && (
          <Alert color="clay" title={strings.failed[job?.kind ?? ""] ?? strings.importFailed} data-testid="import-problem">
            {problem}
          </Alert>
        )}
        {(problem === undefined || job?.kind !== "images.import") && <FewLines lines={entry.notes} />}
        <Difference changes={entry.changes} onLook={onCompare} />
      </Stack>
    </Card>
  )
}

function Link({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <Anchor component="button" type="button" size="sm" onClick={onClick}>
      {text}
    </Anchor>
  )
}
