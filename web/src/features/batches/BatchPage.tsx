import { Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core"

import { useBatch, type Batch } from "../../api/batches"
import { useClasses, useProject } from "../../api/shared"
import { ago, ErrorState, LinkAnchor, LoadingState, moment, PageHeader, Stat } from "../../ui"
import { AuditCard } from "./AuditCard"
import { BatchActions } from "./BatchActions"
import { BatchProgress } from "./BatchProgress"
import { Disputed } from "./Disputed"
import { OnScreens } from "./OnScreens"
import { useMayLead } from "./permissions"
import { useMembers } from "./queries"
import { Reviews } from "./Reviews"
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
        {batch.reviewers.length > 0 && (
          <Text size="sm" c="dimmed">
            {strings.detail.reviewedBy(batch.reviewers.map(({ name, decisions }) => [name, decisions] as const))}
          </Text>
        )}
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
      {isReviewer && wantsReview(batch) && <Reviews batch={batch} />}
    </Stack>
  )
}

const percentOf = (share: number) => Math.round(100 * share)

/** Whether anything was, is, or will be reviewed. */
function wantsReview(batch: Batch): boolean {
  const shares = [batch.review_share, batch.review_differing, ...Object.values(batch.review_by_class), ...Object.values(batch.review_by_person)]
  return batch.to_review + batch.accepted + batch.corrected + batch.rejected > 0 || shares.some((share) => share > 0)
}

function Figures({ batch }: { batch: Batch }) {
  const ends = batch.ends_at ? moment(batch.ends_at) : batch.given >= batch.wanted ? "–" : strings.noRate
  const hasReview = wantsReview(batch)
  return (
    <SimpleGrid cols={{ base: 2, md: hasReview ? 5 : 4 }}>
      <Stat label={strings.detail.labels} value={`${batch.given.toLocaleString("en")} / ${batch.wanted.toLocaleString("en")}`} hint={strings.overlap(batch.overlap)} />
      <Stat label={strings.detail.pictures} value={`${batch.finished.toLocaleString("en")} / ${batch.pictures.toLocaleString("en")}`} />
      <Stat label={strings.detail.toDecide} value={batch.disputed.toLocaleString("en")} />
      {hasReview && <Stat label={strings.detail.toReview} value={batch.to_review.toLocaleString("en")} hint={strings.detail.decided(batch.accepted, batch.corrected, batch.rejected)} />}
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
  const members = useMembers(batch.project_id).data ?? []
  const classes = useClasses(batch.project_id).data ?? []
  const some = [
    ...Object.entries(batch.review_by_class).map(([id, share]) => [classes.find((entry) => entry.id === id)?.name ?? "", percentOf(share)] as const),
    ...Object.entries(batch.review_by_person).map(([id, share]) => [members.find((member) => member.user_id === id)?.name ?? "", percentOf(share)] as const),
  ].filter(([name, share]) => name !== "" && share > 0)
  const rows: [string, string][] = [
    [strings.detail.forWhom, batch.is_for_all ? strings.everybody : strings.people(named)],
    [strings.detail.deadline, batch.deadline ? moment(batch.deadline) : strings.detail.noDeadline],
    [strings.detail.overlap, String(batch.overlap)],
    [strings.detail.order, strings.orders[batch.order]],
    [strings.detail.random, `${Math.round(100 * batch.random_share)} %`],
    [strings.detail.review, strings.detail.reviewRules(percentOf(batch.review_share), percentOf(batch.review_differing), some)],
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
