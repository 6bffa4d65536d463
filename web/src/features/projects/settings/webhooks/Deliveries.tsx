import { Badge, Button, Code, Group, Modal, Stack, Table, Text } from "@mantine/core"
import { useState } from "react"

import { ago, ErrorState, LoadingState } from "../../../../ui"
import { useDeliveries, useDelivery, useReplay, type Delivery } from "./queries"
import { strings } from "./strings"

const COLORS = { waiting: "gray", delivered: "pine", failed: "clay" } as const

interface Place {
  projectId: string
  webhookId: string
}

/** What a webhook was sent and how that went, the newest first. */
export function Deliveries({ projectId, webhookId }: Place) {
  const log = useDeliveries(projectId, webhookId)
  const replay = useReplay(projectId, webhookId)
  const [shown, setShown] = useState<Delivery | null>(null)
  if (log.isPending) return <LoadingState label={strings.loading} />
  if (log.isError) return <ErrorState error={log.error} onRetry={() => void log.refetch()} />
  const rows = log.data.pages.flatMap((page) => page.items)
  if (rows.length === 0) return <Text c="dimmed">{strings.noDeliveries}</Text>
  return (
    <Stack gap="xs">
      <Table verticalSpacing="xs" data-testid="deliveries">
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} onShow={() => setShown(row)} onReplay={() => replay.mutate(row.id)} />
          ))}
        </Table.Tbody>
      </Table>
      {log.hasNextPage && (
        <Group>
          <Button variant="default" size="compact-sm" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {strings.older}
          </Button>
        </Group>
      )}
      {shown && <Sent projectId={projectId} webhookId={webhookId} delivery={shown} onClose={() => setShown(null)} />}
    </Stack>
  )
}

function Row({ row, onShow, onReplay }: { row: Delivery; onShow: () => void; onReplay: () => void }) {
  const last = row.attempts.at(-1)
  return (
    <Table.Tr>
      <Table.Td w={110}>
        <Badge variant="light" color={COLORS[row.state]}>
          {strings.states[row.state]}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Button variant="transparent" size="compact-sm" p={0} onClick={onShow} aria-label={strings.show(row.event_type)}>
          {row.event_type}
        </Button>
        <Text size="sm" c="dimmed">
          {ago(row.created_at)}
          {last && ` · ${last.error || (last.status === null ? "" : strings.answered(last.status, last.duration_ms))}`}
          {row.tries > 1 && ` · ${strings.attempts(row.tries)}`}
          {row.state === "waiting" && row.next_try_at && row.tries > 0 && ` · ${strings.nextTry(ago(row.next_try_at))}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {(row.state !== "waiting" || row.tries > 0) && (
          <Button variant="subtle" size="compact-sm" onClick={onReplay}>
            {strings.replay}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function Sent({ projectId, webhookId, delivery, onClose }: Place & { delivery: Delivery; onClose: () => void }) {
  const full = useDelivery(projectId, webhookId, delivery.id)
  const reply = delivery.attempts.at(-1)?.reply
  return (
    <Modal opened onClose={onClose} title={delivery.event_type} size="lg">
      {full.isPending && <LoadingState label={strings.loading} />}
      {full.isError && <ErrorState error={full.error} onRetry={() => void full.refetch()} />}
      {full.data && (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {strings.messageId}: {full.data.message_id}
          </Text>
          <Text fw={600}>{strings.sent}</Text>
          <Code block mah="20rem">
            {JSON.stringify(JSON.parse(full.data.body), null, 2)}
          </Code>
          {reply && (
            <>
              <Text fw={600}>{strings.reply}</Text>
              <Code block mah="12rem">
                {reply}
              </Code>
            </>
          )}
        </Stack>
      )}
    </Modal>
  )
}
