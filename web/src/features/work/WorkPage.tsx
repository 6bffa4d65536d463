import { Button, Card, Group, Select, Stack, Text } from "@mantine/core"
import { IconDownload } from "@tabler/icons-react"
import type { ReactNode } from "react"

import { useProject } from "../../api/shared"
import { CardTitle, ErrorState, LinkAnchor, LoadingState, PageHeader } from "../../ui"
import { ClassesTable } from "./ClassesTable"
import { PeopleTable } from "./PeopleTable"
import { csvUrl, useBatchNames, useClassWork, usePeopleWork } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string | null
  onBatch: (batchId: string | null) => void
}

/** Who did how much and how it went, and how classes fare; whoever doesn't lead the work sees their own. */
export function WorkPage({ projectId, batchId, onBatch }: Props) {
  const project = useProject(projectId).data
  const isLead = project?.may.includes("manage_batches") ?? false
  const isDrawn = project !== undefined && project.task !== "classification" && project.task !== "multi_label"
  const people = usePeopleWork(projectId, batchId)
  const classes = useClassWork(projectId, batchId, isLead)
  const batches = useBatchNames(projectId).data ?? []
  const choices = [{ value: "", label: strings.everyBatch }, ...batches.map(({ id, name }) => ({ value: id, label: name }))]
  const batch = batches.find(({ id }) => id === batchId)
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
    <Stack maw="76rem" data-testid="work">
      <PageHeader
        above={above}
        title={strings.title}
        about={isLead ? strings.about : strings.aboutOwn}
        actions={choices.length > 1 && <Select aria-label={strings.which} allowDeselect={false} w={240} data={choices} value={batchId ?? ""} onChange={(value) => onBatch(value || null)} />}
      />
      {people.isPending && <LoadingState label={strings.loading} shape="cards" />}
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && (
        <Part title={isLead ? strings.peopleTitle : strings.ownTitle} csv={csvUrl(projectId, "people", batchId)}>
          {people.data.length === 0 ? <Text c="dimmed">{strings.nobody}</Text> : <PeopleTable rows={people.data} isDrawn={isDrawn} isLead={isLead} />}
        </Part>
      )}
      {classes.isError && <ErrorState error={classes.error} onRetry={() => void classes.refetch()} />}
      {classes.data && classes.data.length > 0 && (
        <Part title={strings.classesTitle} csv={csvUrl(projectId, "classes", batchId)}>
          <ClassesTable rows={classes.data} />
        </Part>
      )}
    </Stack>
  )
}

function Part({ title, csv, children }: { title: string; csv: string; children: ReactNode }) {
  return (
    <Card padding="lg">
      <Group justify="space-between" mb="xs">
        <CardTitle gap={false}>{title}</CardTitle>
        <Button component="a" href={csv} download variant="default" size="xs" leftSection={<IconDownload size={14} aria-hidden />}>
          {strings.csv}
        </Button>
      </Group>
      {children}
    </Card>
  )
}
