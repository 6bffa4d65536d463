import { Anchor, Button, Center, Drawer, Group, SegmentedControl, Stack, Text, UnstyledButton } from "@mantine/core"
import { IconBell } from "@tabler/icons-react"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"

import { useMarkNotifications, useNotifications, useUnread, type Notification } from "../api/notifications"
import { ago, EmptyState, ErrorState, LinkAnchor, LoadingState } from "../ui"
import styles from "./shell.module.css"
import { strings } from "./strings"

const { news } = strings
const MOST = 99

/** What concerns oneself: how much is new, and the list. */
export function Bell() {
  const unread = useUnread().data?.unread ?? 0
  const [isOpen, setOpen] = useState(false)
  const label = unread > 0 ? news.unread(unread) : news.title
  return (
    <>
      <UnstyledButton className={styles.stage} onClick={() => setOpen(true)} aria-label={label} data-testid="bell">
        <span className={styles.icon}>
          <IconBell size={17} stroke={1.8} aria-hidden />
        </span>
        {news.title}
        {unread > 0 && <span className={styles.unread}>{unread > MOST ? `${MOST}+` : unread}</span>}
      </UnstyledButton>
      <Drawer opened={isOpen} onClose={() => setOpen(false)} position="right" title={news.title} size="md">
        {isOpen && <News onClose={() => setOpen(false)} unread={unread} />}
      </Drawer>
    </>
  )
}

function News({ onClose, unread }: { onClose: () => void; unread: number }) {
  const [only, setOnly] = useState<"all" | "unread">("all")
  const pages = useNotifications(only === "unread", true)
  const mark = useMarkNotifications()
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Stack gap="sm" data-testid="news">
      <Group justify="space-between" wrap="nowrap">
        <SegmentedControl
          size="xs"
          value={only}
          onChange={(value) => setOnly(value === "unread" ? "unread" : "all")}
          data={[
            { value: "all", label: news.all },
            { value: "unread", label: news.onlyUnread },
          ]}
        />
        <Group gap="sm">
          <Anchor component="button" type="button" size="sm" disabled={unread === 0} c={unread === 0 ? "dimmed" : undefined} onClick={() => mark.mutate({ is_read: true })}>
            {news.markAll}
          </Anchor>
          <LinkAnchor size="sm" to="/account/notifications" onClick={onClose}>
            {news.settings}
          </LinkAnchor>
        </Group>
      </Group>
      {pages.isPending && <LoadingState label={strings.loading} />}
      {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isSuccess && items.length === 0 && <EmptyState icon={<IconBell size={28} stroke={1.5} />} title={only === "unread" ? news.noneUnread : news.none} text={news.noneText} />}
      <Stack gap={4}>
        {items.map((item) => (
          <Entry key={item.id} item={item} onClose={onClose} onMark={(is_read) => mark.mutate({ ids: [item.id], is_read })} />
        ))}
      </Stack>
      {pages.hasNextPage && (
        <Center>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {news.more}
          </Button>
        </Center>
      )}
    </Stack>
  )
}

function Entry({ item, onClose, onMark }: { item: Notification; onClose: () => void; onMark: (isRead: boolean) => void }) {
  const navigate = useNavigate()
  const isNew = item.read_at === null
  const go = () => {
    if (isNew) onMark(true)
    onClose()
    // Paths come from the server, as addresses of this application.
    void navigate({ href: item.path })
  }
  return (
    <div className={styles.news} data-new={isNew || undefined}>
      <UnstyledButton className={styles.newsText} onClick={go} data-testid="notification">
        <Text size="sm" fw={isNew ? 600 : 400} className={styles.breaks}>
          {item.text}
        </Text>
        <Text size="xs" c="dimmed">
          {item.project} · {ago(item.updated_at)}
          {item.count > 1 && ` · ${news.times(item.count)}`}
        </Text>
      </UnstyledButton>
      <Anchor component="button" type="button" size="xs" flex="none" onClick={() => onMark(isNew)}>
        {isNew ? news.markRead : news.markUnread}
      </Anchor>
    </div>
  )
}
