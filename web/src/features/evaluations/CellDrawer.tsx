import { Badge, Button, Drawer, Group, Image, SimpleGrid, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { Barred, ErrorState, LoadingState } from "../../ui"
import { thumbnailUrl } from "../../api/images"
import { useCellImages, useQueueImages } from "./queries"
import { strings } from "./strings"
import { percent } from "./words"

export interface OpenCell {
  truth: string
  predicted?: string
  wrong?: boolean
}

interface Props {
  projectId: string
  evaluationId: string
  cell: OpenCell | null
  onClose: () => void
  nameOf: (classId: string) => string
}

/** The pictures of one cell of the matrix, with what they are and what the model said. */
export function CellDrawer({ projectId, evaluationId, cell, onClose, nameOf }: Props) {
  const pages = useCellImages(projectId, evaluationId, cell)
  const queue = useQueueImages(projectId)
  const mayNot = useWhyNot(projectId, "review")
  const [sent, setSent] = useState<{ cell: OpenCell; n: number } | null>(null)
  const images = pages.data?.pages.flatMap((page) => page.items) ?? []
  const title = cell ? (cell.predicted ? strings.cellTitle(nameOf(cell.truth), nameOf(cell.predicted)) : nameOf(cell.truth)) : ""
  const predicted = cell?.predicted ? nameOf(cell.predicted) : "something else"
  return (
    <Drawer opened={cell !== null} onClose={onClose} position="right" size="xl" title={title}>
      <Stack data-testid="cell-pictures">
        {cell !== null && pages.isPending && <LoadingState label={strings.loading} />}
        {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isSuccess && images.length === 0 && <Text c="dimmed">{strings.nothingInCell}</Text>}
        {images.length > 0 && cell && (
          <Group>
            <Barred why={mayNot}>
              <Button
                variant="light"
                size="compact-sm"
                loading={queue.isPending}
                onClick={() =>
                  queue.mutate(
                    { image_ids: images.map((entry) => entry.image.id), reason: strings.relabelReason(nameOf(cell.truth), predicted) },
                    { onSuccess: (answer) => setSent({ cell, n: answer.queued }) },
                  )
                }
              >
                {strings.relabelThese}
              </Button>
            </Barred>
            {sent?.cell === cell && (
              <Text size="sm" role="status">
                {strings.sent(sent.n)}
              </Text>
            )}
          </Group>
        )}
        <SimpleGrid cols={3}>
          {images.map((entry) => (
            <div key={entry.image.id}>
              <Image src={thumbnailUrl(entry.image.id)} alt={entry.image.name} title={entry.image.name} radius="md" h={150} fit="cover" />
              <Text size="sm">
                {strings.truth} <b>{nameOf(entry.truth_id)}</b>
              </Text>
              <Text size="sm" c={entry.truth_id === entry.predicted_id ? "pine" : "brass"}>
                {strings.predicted} <b>{nameOf(entry.predicted_id)}</b>, {percent(entry.score)}
              </Text>
              {entry.undecided && (
                <Badge size="xs" variant="light" color="gray" tt="none">
                  {strings.undecided}
                </Badge>
              )}
            </div>
          ))}
        </SimpleGrid>
        {pages.hasNextPage && (
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {strings.more}
          </Button>
        )}
      </Stack>
    </Drawer>
  )
}
