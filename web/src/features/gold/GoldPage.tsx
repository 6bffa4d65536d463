import { Card, SimpleGrid, Stack } from "@mantine/core"
import { IconStar } from "@tabler/icons-react"

import { EmptyState, ErrorState, LinkAnchor, LinkButton, LoadingState, PageHeader, percent, Stat } from "../../ui"
import { GoldPeople } from "./GoldPeople"
import { GoldPictures } from "./GoldPictures"
import { useGold, useGoldPeople, type GoldPeople as People, type GoldRate } from "./queries"
import { strings } from "./strings"

/** Pictures with known answers, and how everybody does on them. */
export function GoldPage({ projectId }: { projectId: string }) {
  const found = useGold(projectId)
  const people = useGoldPeople(projectId)
  const above = (
    <LinkAnchor size="sm" to="/projects/$projectId/batches" params={{ projectId }}>
      {strings.all}
    </LinkAnchor>
  )
  const isEmpty = found.data?.length === 0 && people.data?.all.known === 0
  return (
    <Stack maw="76rem" data-testid="gold">
      <PageHeader above={above} title={strings.title} about={strings.about} />
      {(found.isPending || people.isPending) && <LoadingState label={strings.loading} shape="cards" />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {isEmpty && (
        <EmptyState
          icon={<IconStar size={28} stroke={1.5} />}
          title={strings.emptyTitle}
          text={strings.emptyText}
          action={
            <LinkButton to="/projects/$projectId/images" params={{ projectId }}>
              {strings.emptyAction}
            </LinkButton>
          }
        />
      )}
      {people.data && !isEmpty && (
        <>
          <Together found={people.data} />
          <GoldPeople projectId={projectId} people={people.data.people} />
        </>
      )}
      {found.data && found.data.length > 0 && <GoldPictures projectId={projectId} rows={found.data} />}
    </Stack>
  )
}

function Together({ found }: { found: People }) {
  const rates: [string, GoldRate][] = [
    [strings.accuracy, found.all],
    [strings.withSuggestions, found.with_suggestions],
    [strings.withoutSuggestions, found.without_suggestions],
  ]
  return (
    <Card padding="lg">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {rates.map(([label, rate]) => (
          <Stat key={label} label={label} value={rate.accuracy === null ? strings.none : percent(rate.accuracy)} hint={hintOf(rate)} />
        ))}
      </SimpleGrid>
    </Card>
  )
}

const hintOf = ({ right, known, interval }: GoldRate) => (interval ? `${strings.of(right, known)}, ${strings.between(interval[0] ?? 0, interval[1] ?? 1)}` : strings.of(right, known))
