import { Select, SimpleGrid, Stack } from "@mantine/core"
import { IconScale } from "@tabler/icons-react"

import { EmptyState, ErrorState, LinkAnchor, LinkButton, LoadingState, PageHeader } from "../../ui"
import { ClassTable } from "./ClassTable"
import { DifferingDrawer } from "./DifferingDrawer"
import { MixedUp } from "./MixedUp"
import { OverTime } from "./OverTime"
import { PairMatrix } from "./PairMatrix"
import { useAgreement, useBatchNames, type Agreement, type Differing } from "./queries"
import { strings } from "./strings"
import { Together } from "./Together"

interface Props {
  projectId: string
  batchId: string | null
  /** The pictures that are looked at. */
  open: Differing | null
  onBatch: (batchId: string | null) => void
  onOpen: (differing: Differing | null) => void
}

/** How far people agree who labelled the same pictures: together, each two, on each class, over time. */
export function AgreementPage({ projectId, batchId, open, onBatch, onOpen }: Props) {
  const found = useAgreement(projectId, batchId)
  const batches = useBatchNames(projectId).data ?? []
  const batch = batches.find(({ id }) => id === batchId)
  const choices = [{ value: "", label: strings.everyBatch }, ...batches.filter((entry) => entry.overlap > 1 || entry.id === batchId).map(({ id, name }) => ({ value: id, label: name }))]
  const above = batch ? (
    <LinkAnchor size="sm" to="/projects/$projectId/batches/$batchId" params={{ projectId, batchId: batch.id }}>
      {strings.toBatch(batch.name)}
    </LinkAnchor>
  ) : (
    <LinkAnchor size="sm" to="/projects/$projectId/batches" params={{ projectId }}>
      {strings.all}
    </LinkAnchor>
  )
  return (
    <Stack maw="76rem" data-testid="agreement">
      <PageHeader
        above={above}
        title={strings.title}
        about={strings.about}
        actions={choices.length > 1 && <Select aria-label={strings.which} allowDeselect={false} w={240} data={choices} value={batchId ?? ""} onChange={(value) => onBatch(value || null)} />}
      />
      {found.isPending && <LoadingState label={strings.loading} shape="cards" />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.pictures === 0 && (
        <EmptyState
          icon={<IconScale size={28} stroke={1.5} />}
          title={strings.emptyTitle}
          text={strings.emptyText}
          action={
            <LinkButton to="/projects/$projectId/batches" params={{ projectId }}>
              {strings.emptyAction}
            </LinkButton>
          }
        />
      )}
      {found.data && found.data.pictures > 0 && <Figures found={found.data} onOpen={onOpen} />}
      <DifferingDrawer projectId={projectId} batchId={batchId} found={found.data} open={open} onClose={() => onOpen(null)} />
    </Stack>
  )
}

function Figures({ found, onOpen }: { found: Agreement; onOpen: (differing: Differing) => void }) {
  return (
    <>
      <Together found={found} onOpen={onOpen} />
      <PairMatrix found={found} onOpen={onOpen} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <ClassTable found={found} onOpen={onOpen} />
        <MixedUp found={found} onOpen={onOpen} />
      </SimpleGrid>
      <OverTime found={found} />
    </>
  )
}
