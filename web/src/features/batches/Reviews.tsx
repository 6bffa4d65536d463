import { Badge, Button, Card, Center, Group, Select, SimpleGrid, Text, Title } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useState } from "react"

import type { Batch } from "../../api/batches"
import { thumbnailUrl } from "../../api/images"
import { ErrorState, LoadingState } from "../../ui"
import classes from "./batches.module.css"
import { useReviews, type ReviewChoice, type ReviewState } from "./queries"
import { strings } from "./strings"

const ALL: ReviewChoice = { state: null, author_id: null, reviewer_id: null }
const STATES: ReviewState[] = ["waiting", "accepted", "corrected", "rejected"]
const COLORS = { waiting: "gray", accepted: "pine", corrected: "brass", rejected: "clay" } as const

/** What is, or was, reviewed in a batch: chosen by state, author and reviewer. */
export function Reviews({ batch }: { batch: Batch }) {
  const [choice, setChoice] = useState(ALL)
  const pages = useReviews(batch.project_id, batch.id, choice)
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const isAll = choice.state === null && choice.author_id === null && choice.reviewer_id === null
  const people = (rows: readonly { user_id: string; name: string }[]) => [{ value: "", label: strings.detail.anybody }, ...rows.map(({ user_id, name }) => ({ value: user_id, label: name }))]
  return (
    <Card padding="lg" data-testid="reviews">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2}>{strings.detail.reviewTitle}</Title>
          <Text c="dimmed" mb="sm">
            {pages.isSuccess && items.length === 0 ? (isAll ? strings.detail.reviewNone : strings.detail.reviewNoneHere) : strings.detail.reviewText}
          </Text>
        </div>
        {(items.length > 0 || !isAll) && (
          <Group gap="xs">
            <Select size="xs" w={130} label={strings.detail.reviewState} allowDeselect={false} value={choice.state ?? ""} onChange={(value) => setChoice({ ...choice, state: STATES.find((state) => state === value) ?? null })} data={[{ value: "", label: strings.detail.states.all }, ...STATES.map((value) => ({ value, label: strings.detail.states[value] }))]} />
            <Select size="xs" w={140} label={strings.detail.reviewAuthor} allowDeselect={false} value={choice.author_id ?? ""} onChange={(id) => setChoice({ ...choice, author_id: id === "" ? null : id })} data={people(batch.people)} />
            <Select size="xs" w={140} label={strings.detail.reviewReviewer} allowDeselect={false} value={choice.reviewer_id ?? ""} onChange={(id) => setChoice({ ...choice, reviewer_id: id === "" ? null : id })} data={people(batch.reviewers)} />
          </Group>
        )}
      </Group>
      {pages.isPending && <LoadingState label={strings.loading} shape="grid" />}
      {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      <SimpleGrid cols={{ base: 3, md: 5, lg: 6 }}>
        {items.map(({ review, image }) => (
          <Link key={review.id} className={classes.picture} to="/projects/$projectId/review" params={{ projectId: batch.project_id }} search={{ batch: batch.id, review: review.id }} title={image.name} data-state={review.state}>
            <img src={thumbnailUrl(image.id)} alt={image.name} loading="lazy" />
            <Badge size="sm" variant="light" tt="none" color={COLORS[review.state]}>
              {strings.detail.states[review.state]}
            </Badge>
            <Text size="sm" truncate>
              {review.author_names.join(", ")}
            </Text>
            {review.reason && (
              <Text size="xs" c="dimmed" lineClamp={2}>
                {review.reason}
              </Text>
            )}
          </Link>
        ))}
      </SimpleGrid>
      {pages.hasNextPage && (
        <Center mt="sm">
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {strings.detail.showMore}
          </Button>
        </Center>
      )}
    </Card>
  )
}
