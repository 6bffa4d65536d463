import { Button, Group, Stack, Text, Title } from "@mantine/core"
import { IconWand } from "@tabler/icons-react"
import { useState } from "react"

import { useDetectors, type Detector } from "../../api/detectors"
import { useWhyNot } from "../../api/roles"
import { Barred, doneToast, EmptyState, ErrorState, LoadingState } from "../../ui"
import { BringDialog } from "./BringDialog"
import { DetectorCard } from "./DetectorCard"
import { Looks } from "./Looks"
import { MappingDialog } from "./MappingDialog"
import { useStatistics } from "./queries"
import { strings } from "./strings"
import { SuggestDialog } from "./SuggestDialog"
import { Worth } from "./Worth"

type Dialog = { kind: "bring" } | { kind: "map" | "suggest"; id: string }

/** Detectors that people brought to this project: bring one, say what it means, have it look, see what it is worth. */
export function DetectorsSection({ projectId }: { projectId: string }) {
  const detectors = useDetectors(projectId)
  const list = detectors.data ?? []
  const statistics = useStatistics(projectId, list.length > 0).data
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const named = dialog && "id" in dialog ? list.find(({ id }) => id === dialog.id) : undefined
  const close = () => setDialog(null)
  const mayNot = useWhyNot(projectId, "train")
  const bring = (
    <Barred why={mayNot}>
      <Button onClick={() => setDialog({ kind: "bring" })}>{strings.bring}</Button>
    </Barred>
  )
  const brought = (detector: Detector) => {
    doneToast(strings.brought(detector.name))
    setDialog(detector.classes.some(({ class_id }) => class_id !== null) ? null : { kind: "map", id: detector.id })
  }
  return (
    <Stack component="section" aria-label={strings.title} mt="lg">
      {list.length > 0 && (
        <Group justify="space-between">
          <div>
            <Title order={2}>{strings.title}</Title>
            <Text c="dimmed" size="sm">
              {strings.about}
            </Text>
          </div>
          {bring}
        </Group>
      )}
      {detectors.isPending && <LoadingState label={strings.loading} />}
      {detectors.isError && <ErrorState error={detectors.error} onRetry={() => void detectors.refetch()} />}
      {detectors.isSuccess && list.length === 0 && <EmptyState title={strings.emptyTitle} text={strings.emptyText} action={bring} icon={<IconWand size={28} stroke={1.5} />} />}
      {list.length > 0 && <Looks projectId={projectId} />}
      {list.map((detector) => (
        <DetectorCard
          key={detector.id}
          projectId={projectId}
          detector={detector}
          whyNot={mayNot}
          outcomes={statistics?.detectors.find(({ detector_id }) => detector_id === detector.id)}
          onSuggest={() => setDialog({ kind: "suggest", id: detector.id })}
          onMap={() => setDialog({ kind: "map", id: detector.id })}
        />
      ))}
      {statistics && <Worth statistics={statistics} />}
      {dialog?.kind === "bring" && <BringDialog projectId={projectId} onClose={close} onBrought={brought} />}
      {dialog?.kind === "map" && named && <MappingDialog projectId={projectId} detector={named} onClose={close} />}
      {dialog?.kind === "suggest" && named && <SuggestDialog projectId={projectId} detector={named} onClose={close} />}
    </Stack>
  )
}
