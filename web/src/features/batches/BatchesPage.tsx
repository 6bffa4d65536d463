import { Button, Stack } from "@mantine/core"
import { IconPlus, IconUsersGroup } from "@tabler/icons-react"
import { useState } from "react"

import { useProject } from "../../api/shared"
import { EmptyState, ErrorState, LinkButton, LoadingState, PageHeader } from "../../ui"
import { BatchCard } from "./BatchCard"
import { NewBatchDialog } from "./NewBatchDialog"
import { useBatches } from "./queries"
import { useMayLead } from "./permissions"
import { strings } from "./strings"

/** Every batch of a project, newest first. */
export function BatchesPage({ projectId }: { projectId: string }) {
  const batches = useBatches(projectId)
  const [isMaking, setMaking] = useState(false)
  const isLead = useMayLead(projectId)
  const isReviewer = useProject(projectId).data?.may.includes("review") ?? false
  const make = isLead && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {strings.make}
    </Button>
  )
  const others = (
    <>
      <LinkButton variant="default" to="/projects/$projectId/batches/work" params={{ projectId }}>
        {strings.work}
      </LinkButton>
      {isLead && (
        <LinkButton variant="default" to="/projects/$projectId/batches/gold" params={{ projectId }}>
          {strings.gold}
        </LinkButton>
      )}
      {isReviewer && (
        <LinkButton variant="default" to="/projects/$projectId/batches/agreement" params={{ projectId }}>
          {strings.agreement}
        </LinkButton>
      )}
    </>
  )
  return (
    <Stack maw="76rem">
      <PageHeader title={strings.title} about={strings.about} actions={batches.data && batches.data.length > 0 ? <>{others}{make}</> : null} />
      {batches.isPending && <LoadingState label={strings.loading} />}
      {batches.isError && <ErrorState error={batches.error} onRetry={() => void batches.refetch()} />}
      {batches.data?.length === 0 && <EmptyState icon={<IconUsersGroup size={28} stroke={1.5} />} title={strings.emptyTitle} text={isLead ? strings.emptyText : strings.emptyForOthers} action={make} />}
      {batches.data?.map((batch) => (
        <BatchCard key={batch.id} batch={batch} />
      ))}
      {isMaking && <NewBatchDialog projectId={projectId} onClose={() => setMaking(false)} />}
    </Stack>
  )
}
