import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { useProject } from "../../api/shared"
import { isWhole } from "../../api/tasks"
import { JobLine } from "../../ui"
import { useCancelJob, useExport, useJob, type Version } from "./queries"
import { strings } from "./strings"

type Format = keyof typeof strings.formats

const WHOLE: readonly Format[] = ["folders", "jsonl", "csv", "yolo", "coco", "hf_imagefolder", "label_studio", "cvat", "datumaro", "croissant"]
const DRAWN: readonly Format[] = ["coco", "yolo", "jsonl", "voc", "masks", "csv", "cvat", "label_studio", "hf_imagefolder", "datumaro", "croissant"]

/** The formats that can carry what a project of this task is labelled with. */
function formatsOf(task: string): readonly Format[] {
  if (task === "multi_label") return WHOLE.filter((name) => name !== "folders")
  if (isWhole(task)) return WHOLE
  return task === "keypoints" ? DRAWN.filter((name) => name !== "masks") : DRAWN
}

interface Props {
  projectId: string
  versions: readonly Version[]
  chosen: string
  isOpen: boolean
  onClose: () => void
}

interface ExportResult {
  images: number
  lost: Record<string, number>
  size_bytes: number
}

/** Choose what and how, watch it being packed, download it. */
export function ExportDialog({ projectId, versions, chosen, isOpen, onClose }: Props) {
  const [version, setVersion] = useState(chosen)
  const formats = formatsOf(useProject(projectId).data?.task ?? "classification")
  const [chosenFormat, setFormat] = useState<Format | null>(null)
  const format = chosenFormat ?? formats[0] ?? "jsonl"
  const [withMetadata, setWithMetadata] = useState(false)
  const [isLabelsOnly, setLabelsOnly] = useState(false)
  const canLeaveOut = format !== "folders"
  const start = useExport(projectId)
  const cancel = useCancelJob(projectId)
  const job = useJob(start.data?.id ?? null)
  const result = job.data?.state === "succeeded" ? (job.data.result as ExportResult | null) : null
  const isRunning = start.isPending || (start.data !== undefined && !job.data?.finished_at)

  function reset() {
    start.reset()
    onClose()
  }

  return (
    <Modal opened={isOpen} onClose={reset} title={strings.exportTitle}>
      <Stack>
        <Select
          label={strings.exportWhat}
          allowDeselect={false}
          value={version}
          disabled={isRunning}
          onChange={(value) => {
            setVersion(value ?? "current")
            start.reset()
          }}
          data={[{ value: "current", label: strings.exportCurrent }, ...versions.map((entry) => ({ value: entry.id, label: strings.version(entry.number) }))]}
        />
        <Select
          label={strings.exportFormat}
          description={strings.formats[format].text}
          inputWrapperOrder={["label", "input", "description"]}
          allowDeselect={false}
          maxDropdownHeight={360}
          value={format}
          disabled={isRunning}
          onChange={(value) => {
            setFormat(formats.find((name) => name === value) ?? null)
            start.reset()
          }}
          data={formats.map((name) => ({ value: name, label: strings.formats[name].label }))}
        />
        {canLeaveOut && <Checkbox label={strings.labelsOnly} checked={isLabelsOnly} disabled={isRunning} onChange={(event) => setLabelsOnly(event.currentTarget.checked)} />}
        <Checkbox label={strings.withMetadata} checked={withMetadata} disabled={isRunning} onChange={(event) => setWithMetadata(event.currentTarget.checked)} />
        {isRunning && job.data && <JobLine job={job.data} title={strings.exporting} onCancel={() => cancel.mutate(job.data?.id ?? "")} />}
        {job.data?.state === "cancelled" && <Text size="sm">{strings.exportCancelled}</Text>}
        {job.data?.state === "failed" && <Alert color="red">{job.data.problem?.detail}</Alert>}
        {result && <Lost result={result} />}
        <Group justify="flex-end">
          {result && start.data ? (
            <Button component="a" href={`/api/v1/exports/${start.data.id}/download`} download>
              {strings.download(size(result.size_bytes))}
            </Button>
          ) : (
            <Button loading={isRunning} onClick={() => start.mutate({ format, version, with_metadata: withMetadata, with_pictures: !(canLeaveOut && isLabelsOnly) })}>
              {strings.startExport}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

function Lost({ result }: { result: ExportResult }) {
  const lost = Object.entries(result.lost)
  return (
    <Alert color={lost.length > 0 ? "brass" : "pine"} title={strings.exported(result.images)}>
      {lost.length === 0 ? strings.lostNothing : `${strings.lost}: ${lost.map(([kind, n]) => `${kind.replaceAll("_", " ")} (${n})`).join(", ")}`}
    </Alert>
  )
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(Math.round(bytes / 1000), 1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
