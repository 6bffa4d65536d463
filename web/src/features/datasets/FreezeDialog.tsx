import { Accordion, Alert, Button, Group, Modal, NumberInput, ScrollArea, Slider, Stack, Text, TextInput } from "@mantine/core"
import { useEffect, useState } from "react"

import { useProject } from "../../api/shared"
import { ErrorState, LoadingState, JobLine } from "../../ui"
import { ClassCounts } from "./ClassCounts"
import { preview, type Preview } from "./preview"
import { useCancelJob, useFreeze, useJob, usePreview } from "./queries"
import { SplitBar } from "./SplitBar"
import { strings } from "./strings"

interface Props {
  projectId: string
  isOpen: boolean
  onClose: () => void
  onFrozen: (versionId: string) => void
}

/** Shows what would go in before it is frozen, and how far it is where there is much. */
export function FreezeDialog({ projectId, isOpen, onClose, onFrozen }: Props) {
  const counts = usePreview(projectId, isOpen)
  const project = useProject(projectId)
  const freeze = useFreezing(projectId, (versionId) => {
    onClose()
    onFrozen(versionId)
  })
  const [note, setNote] = useState("")
  const [seed, setSeed] = useState<number | null>(null)
  const [test, setTest] = useState<number | null>(null)
  const [val, setVal] = useState<number | null>(null)
  const testShare = test ?? project.data?.settings.test_share ?? 0.2
  const valShare = val ?? project.data?.settings.val_share ?? 0.1
  const shown = preview(counts.data, testShare, valShare)
  const objects = counts.data?.objects ?? null

  return (
    <Modal opened={isOpen} onClose={onClose} title={strings.freezeTitle} size="lg">
      <Stack>
        {counts.isPending && <LoadingState label={strings.loading} />}
        {counts.isError && <ErrorState error={counts.error} onRetry={() => void counts.refetch()} />}
        {counts.isSuccess && !shown.isPossible && <Alert color="brass">{objects === null ? strings.nothingToFreeze : strings.nothingDrawn}</Alert>}
        {shown.single.length > 0 && <Alert color="brass">{strings.onlyOne(shown.single.slice(0, 8).join(", "))}</Alert>}
        {shown.images > 0 && <Contents shown={shown} objects={objects} nothingHere={counts.data?.nothing_here ?? 0} />}
        <TextInput label={strings.note} placeholder={strings.notePlaceholder} value={note} onChange={(event) => setNote(event.currentTarget.value)} data-autofocus />
        <Accordion variant="separated">
          <Accordion.Item value="shares">
            <Accordion.Control>{strings.advanced}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="lg">
                <Share label={strings.testShare} value={testShare} onChange={setTest} />
                <Share label={strings.valShare} value={valShare} onChange={setVal} />
                <NumberInput label={strings.seed} description={strings.seedHelp} min={0} value={seed ?? 0} onChange={(value) => setSeed(Number(value) || 0)} />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {freeze.progress}
        <Group justify="flex-end">
          <Button onClick={() => freeze.start({ note, seed, test_share: test, val_share: val })} loading={freeze.isRunning} disabled={!shown.isPossible}>
            {strings.freezeNow}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Freezes at once, or follows the job that does. */
function useFreezing(projectId: string, onFrozen: (versionId: string) => void) {
  const freeze = useFreeze(projectId)
  const cancel = useCancelJob(projectId)
  const job = useJob(freeze.data && "kind" in freeze.data ? freeze.data.id : null).data
  const isRunning = freeze.isPending || (job !== undefined && !job.finished_at)
  const made = job?.state === "succeeded" ? (job.result as { version_id: string } | null)?.version_id : undefined

  useEffect(() => {
    if (made === undefined) return
    freeze.reset()
    onFrozen(made)
  }, [made, freeze, onFrozen])

  return {
    isRunning,
    start: (body: Parameters<typeof freeze.mutate>[0]) =>
      freeze.mutate(body, {
        onSuccess: (answer) => {
          if (!("kind" in answer)) onFrozen(answer.id)
        },
      }),
    progress: (
      <>
        {job && isRunning && <JobLine job={job} title={strings.freezing} onCancel={() => cancel.mutate(job.id)} />}
        {job?.state === "cancelled" && <Text size="sm">{strings.freezeCancelled}</Text>}
        {job?.state === "failed" && <Alert color="red">{job.problem?.detail}</Alert>}
      </>
    ),
  }
}

function Contents({ shown, objects, nothingHere }: { shown: Preview; objects: number | null; nothingHere: number }) {
  return (
    <>
      <Text fw={600}>{strings.contents(shown.images, objects)}</Text>
      <SplitBar splits={shown.splits} />
      <Text size="xs" c="dimmed">
        {nothingHere > 0 && `${strings.nothingHere(nothingHere)} `}
        {strings.about_counts}
      </Text>
      <ScrollArea.Autosize mah={220}>
        <ClassCounts classes={shown.classes} />
      </ScrollArea.Autosize>
      {shown.few.length > 0 && <Alert color="brass">{strings.tooFew(shown.few.slice(0, 8).join(", "))}</Alert>}
    </>
  )
}

function Share({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <div>
      <Text size="sm">
        {label}: {Math.round(value * 100)} %
      </Text>
      <Slider label={null} min={0} max={0.5} step={0.05} value={value} onChange={onChange} thumbLabel={label} />
    </div>
  )
}
