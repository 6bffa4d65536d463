import { Button, Card, Center, Group, SimpleGrid, Text, Title } from "@mantine/core"
import { Link } from "@tanstack/react-router"

import type { Batch } from "../../api/batches"
import { thumbnailUrl } from "../../api/images"
import { ErrorState, LinkButton, LoadingState } from "../../ui"
import classes from "./batches.module.css"
import { useDisputed } from "./queries"
import { strings } from "./strings"

/** Pictures that several people labelled differently, each with what was said. */
export function Disputed({ batch }: { batch: Batch }) {
  const pages = useDisputed(batch.project_id, batch.id)
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card padding="lg" data-testid="disputed">
      <Group justify="space-between">
        <Title order={2}>{strings.detail.disputedTitle}</Title>
        <Group gap="xs">
          {batch.overlap > 1 && (
            <LinkButton variant="default" to="/projects/$projectId/batches/agreement" params={{ projectId: batch.project_id }} search={{ batch: batch.id }}>
              {strings.agreement}
            </LinkButton>
          )}
          {items.length > 0 && (
            <LinkButton to="/projects/$projectId/batches/$batchId/decide" params={{ projectId: batch.project_id, batchId: batch.id }}>
              {strings.decide}
            </LinkButton>
          )}
        </Group>
      </Group>
      <Text c="dimmed" mb="sm">
        {pages.isSuccess && items.length === 0 ? strings.detail.noneDisputed : strings.detail.disputedText}
      </Text>
      {pages.isPending && <LoadingState label={strings.loading} shape="grid" />}
      {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      <SimpleGrid cols={{ base: 3, md: 5, lg: 6 }}>
        {items.map(({ image, answers }) => (
          <Link key={image.id} className={classes.picture} to="/projects/$projectId/batches/$batchId/decide" params={{ projectId: batch.project_id, batchId: batch.id }} search={{ image: image.id }} title={image.name}>
            <img src={thumbnailUrl(image.id)} alt={image.name} loading="lazy" />
            <Text size="sm" lineClamp={2}>
              {answers.join(", ")}
            </Text>
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
