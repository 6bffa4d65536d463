import { Group, SegmentedControl, Select, Title } from "@mantine/core"

import { useBatch } from "../../api/batches"
import { BatchLine } from "./batch/BatchLine"
import { Counter } from "./parts/Counter"
import { SaveStatus } from "./parts/SaveStatus"
import type { LabelView } from "./LabelPage"
import { useStatistics, useSuggestionStatus, type ImageCard } from "./queries"
import { imagesPerMinute } from "./session/pace"
import type { QueueOrder, QueueState } from "./session/queue"
import { useFollowed, type Labelling } from "./session/useSession"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string | null
  labelling: Labelling
  queue: QueueState<ImageCard>
  images: number
  view: "one" | "grid"
  order: QueueOrder
  onView: (change: Partial<LabelView>) => void
  onDecide: () => void
  onSignIn: () => void
}

const ORDERS: QueueOrder[] = ["helpful", "random", "upload"]

/** How far it is, whether all is saved, and how to look at it. */
export function LabelHeader({ projectId, batchId, labelling, queue, images, view, order, onView, onDecide, onSignIn }: Props) {
  const { session, outbox, save } = labelling
  const state = useFollowed(session)
  const statistics = useStatistics(projectId)
  const suggestions = useSuggestionStatus(projectId).data
  const left = queue.remaining
  const batch = useBatch(projectId, batchId).data
  const accuracy = suggestions?.accuracy ?? null
  return (
    <Group justify="space-between" align="flex-end" gap="sm">
      <Group gap="md" align="center">
        <Title order={1}>{strings.title}</Title>
        {batchId ? (
          <BatchLine projectId={projectId} batchId={batchId} />
        ) : (
          <SegmentedControl
            size="xs"
            aria-label={strings.viewLabel}
            value={view}
            onChange={(value) => onView({ view: value === "grid" ? "grid" : "one" })}
            data={[
              { value: "one", label: strings.onePicture },
              { value: "grid", label: strings.manyPictures },
            ]}
          />
        )}
        {view === "one" && !batchId && (
          <Select
            size="xs"
            w={185}
            aria-label={strings.orderLabel}
            allowDeselect={false}
            value={order}
            onChange={(value) => onView({ order: ORDERS.find((entry) => entry === value) ?? "helpful" })}
            data={ORDERS.map((value) => ({ value, label: strings.order[value] }))}
          />
        )}
      </Group>
      <Group gap="lg" align="center">
        <Counter
          labelled={batch ? batch.given : Math.max(images - left, 0)}
          left={left}
          pace={imagesPerMinute(state.beats, state.beats.at(-1)?.at ?? 0)}
          accepted={statistics.data?.accepted ?? 0}
          corrected={statistics.data?.corrected ?? 0}
          check={accuracy === null ? null : { accuracy, labels: suggestions?.labels ?? 0 }}
          isLearning={suggestions?.fresh === false}
        />
        <SaveStatus state={save} onTryNow={() => void outbox.resume()} onDecide={onDecide} onSignIn={onSignIn} />
      </Group>
    </Group>
  )
}
