import { Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core"

import { useBatch, type Batch } from "../../api/batches"
import { useProject } from "../../api/shared"
import { ago, ErrorState, LinkAnchor, LoadingState, moment, PageHeader, Stat } from "../../ui"
import { AuditCard } from "./AuditCard"
import { BatchActions } from "./BatchActions"
import { BatchProgress } from "./BatchProgress"
import { Disputed } from "./Disputed"
import { OnScreens } from "./OnScreens"
import { useMayLead } from "./permissions"
import { StateBadge } from "./StateBadge"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string
  onDeleted: () => void
}

/** One batch: how far it is, who did what, by which rules, and what somebody has to decide. */
export function BatchPage({ projectId, batchId, onDeleted }: Props) {
  const found = useBatch(projectId, batchId)
  const isLead = useMayLead(projectId)
  const isReviewer = useProject(projectId).data?.may.includes("review") ?? false
  if (found.isPending) return <LoadingState label={strings.loading} />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const batch = found.data
  const title = (
    <Group gap="sm" component="span">
      {batch.name}
      <StateBadge batch={batch} />
    </Group>
  )
  const above = (
    <LinkAnchor size="sm" to="/projects/$projectId/batches" params={{ projectId }}>
      {strings.all}
    </LinkAnchor>
  )
  return (
    <Stack maw="76rem">
      <PageHeader above={above} title={title} about={batch.note || undefined} actions={<BatchActions batch={batch} onDeleted={onDeleted} />} />
      <Card padding="lg">
        <Figures batch={batch} />
        <BatchProgress batch={batch} />
        {batch.order_note && batch.state === "open" && (
          <Text size="sm" c="dimmed">
            {batch.order_note}
          </Text>
        )}
      </Card>
      {isLead && batch.kind === "audit" && <AuditCard batch={batch} />}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack>
          <OnScreens batch={batch} />
          <People batch={batch} isLead={isLead} />
        </Stack>
        <Rules batch={batch} />
      </SimpleGrid>
      {isReviewer && (batch.overlap > 1 || batch.disputed > 0) && <Disputed batch={batch} />}
    </Stack>
  )
}

function Figures({ batch }: { batch: Batch }) {
  const ends = batch.ends_at ? moment(batch.ends_at) : batch.given >= batch.wanted ? "–" : strings.noRate
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Stat label={strings.detail.labels} value={`${batch.given.toLocaleString("en")} / ${batch.wanted.toLocaleString("en")}`} hint={strings.overlap(batch.overlap)} />
      <Stat label={strings.detail.pictures} value={`${batch.finished.toLocaleString("en")} / ${batch.pictures.toLocaleString("en")}`} />
      <Stat label={strings.detail.toDecide} value={batch.disputed.toLocaleString("en")} />
      <Stat label={strings.detail.end} value={<Text fz="md">{ends}</Text>} hint={batch.labels_per_day === null ? undefined : strings.rate(batch.labels_per_day)} />
    </SimpleGrid>
  )
}

function People({ batch, isLead }: { batch: Batch; isLead: boolean }) {
  return (
    <Card padding="lg">
      <Title order={2} mb="xs">
        {strings.detail.whoDidWhat}
      </Title>
      {batch.people.length === 0 ? (
        <Text c="dimmed">{strings.detail.nobody}</Text>
      ) : (
        <Table data-testid="batch-people">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{strings.detail.person}</Table.Th>
              <Table.Th ta="right">{strings.detail.given}</Table.Th>
              <Table.Th ta="right">{strings.detail.last}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {batch.people.map((person) => (
              <Table.Tr key={person.user_id}>
                <Table.Td>{person.name}</Table.Td>
                <Table.Td ta="right">{person.labels.toLocaleString("en")}</Table.Td>
                <Table.Td ta="right" c="dimmed">
                  {person.last_at ? ago(person.last_at) : strings.detail.never}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <LinkAnchor size="sm" mt="xs" display="inline-block" to="/projects/$projectId/batches/work" params={{ projectId: batch.project_id }} search={{ batch: batch.id }}>
        {isLead ? strings.detail.work : strings.detail.ownWork}
      </LinkAnchor>
    </Card>
  )
}

function Rules({ batch }: { batch: Batch }) {
  const named = batch.people.filter((person) => person.is_named).map((person) => person.name)
  const rows: [string, string][] = [
    [strings.detail.forWhom, batch.is_for_all ? strings.everybody : strings.people(named)],
    [strings.detail.deadline, batch.deadline ? moment(batch.deadline) : strings.detail.noDeadline],
    [strings.detail.overlap, String(batch.overlap)],
    [strings.detail.order, strings.orders[batch.order]],
    [strings.detail.random, `${Math.round(100 * batch.random_share)} %`],
    [strings.detail.review, `${Math.round(100 * batch.review_share)} %`],
    ...(batch.overlap > 1 ? [[strings.detail.consensus, strings.consensus[batch.consensus]] as [string, string]] : []),
    [strings.detail.gold, `${Math.round(100 * batch.gold_share)} %`],
  ]
  return (
    <Card padding="lg">
      <Title order={2} mb="xs">
        {strings.detail.rules}
      </Title>
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Td c="dimmed" pl={0}>
                {name}
              </Table.Td>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {batch.created_by_name && (
        <Text size="sm" c="dimmed" mt="xs">
          {strings.detail.madeBy(batch.created_by_name, ago(batch.created_at))}
        </Text>
      )}
    </Card>
  )
}
