import { Badge, Button, Card, Group, Image, SimpleGrid, Text } from "@mantine/core"

import { useWhyNot } from "../../api/roles"
import { Barred, CardTitle, ErrorState, LinkAnchor, LoadingState, percent } from "../../ui"
import { pictureUrl, useDoubtful, useSendDoubtful, type Deployment, type KeptPrediction } from "./queries"
import { strings } from "./strings"

/** The pictures it was not sure about, and their way to the people who label. */
export function DoubtCard({ projectId, deployment }: { projectId: string; deployment: Deployment }) {
  const hasAny = deployment.keep_predictions || deployment.predictions_kept > 0
  const pages = useDoubtful(projectId, deployment.name, hasAny)
  const send = useSendDoubtful(projectId, deployment.name)
  const mayNot = useWhyNot(projectId, "manage_data")
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Card data-testid="doubt">
      <Group justify="space-between" mb="xs">
        <CardTitle gap={false}>{strings.doubtTitle}</CardTitle>
        {deployment.doubtful > 0 && (
          <Barred why={mayNot}>
            <Button size="compact-sm" loading={send.isPending} onClick={() => send.mutate()}>
              {strings.send(deployment.doubtful)}
            </Button>
          </Barred>
        )}
      </Group>
      {send.data && (
        <Text size="sm" role="status" mb="xs">
          {strings.sent(send.data.queued)}.{" "}
          <LinkAnchor size="sm" to="/projects/$projectId/label" params={{ projectId }}>
            {strings.goLabel}
          </LinkAnchor>
        </Text>
      )}
      {!hasAny && <Text c="dimmed">{strings.doubtOff}</Text>}
      {hasAny && pages.isPending && <LoadingState label={strings.loading} />}
      {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isSuccess && items.length === 0 && <Text c="dimmed">{strings.noDoubt}</Text>}
      {items.length > 0 && (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            {strings.doubtText}
          </Text>
          <SimpleGrid cols={{ base: 3, sm: 5, lg: 6 }}>
            {items.map((item) => (
              <Doubt key={item.id} name={deployment.name} item={item} />
            ))}
          </SimpleGrid>
        </>
      )}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {strings.more}
        </Button>
      )}
    </Card>
  )
}

function Doubt({ name, item }: { name: string; item: KeptPrediction }) {
  const best = item.predictions[0]
  return (
    <div>
      <Image src={pictureUrl(name, item.id)} alt={item.name} radius="sm" h={110} fit="cover" loading="lazy" />
      <Text size="xs" truncate>
        {best ? `${best.class} ${percent(best.score)}` : ""}
      </Text>
      {item.queued_image_id !== null && (
        <Badge size="xs" variant="light" color="gray">
          {strings.inQueue}
        </Badge>
      )}
    </div>
  )
}
