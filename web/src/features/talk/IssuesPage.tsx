import { Badge, Button, Center, Group, SegmentedControl, Stack, Switch, Text, TextInput, UnstyledButton } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { IconMessage2, IconSearch } from "@tabler/icons-react"
import { useState } from "react"

import { thumbnailUrl } from "../../api/images"
import { useIssues, type Issue, type IssueFilter } from "../../api/talk"
import { ago, EmptyState, ErrorState, LoadingState, PageHeader } from "../../ui"
import { IssueView } from "./IssueView"
import { strings as all } from "./strings"
import styles from "./talkPages.module.css"

const strings = all.issues
const STATES: IssueFilter["state"][] = ["open", "resolved", "all"]

interface Props {
  projectId: string
  issueId: string | null
  onShow: (issueId: string | null) => void
}

/** All issues of a project on the left, the chosen one with its picture on the right. */
export function IssuesPage({ projectId, issueId, onShow }: Props) {
  const [state, setState] = useState<IssueFilter["state"]>("open")
  const [mine, setMine] = useState(false)
  const [typed, setTyped] = useState("")
  const [text] = useDebouncedValue(typed.trim(), 250)
  const pages = useIssues(projectId, { state, mine, text })
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = state !== "open" || mine || text !== ""
  return (
    <Stack gap="md" className={styles.page}>
      <PageHeader title={strings.title} about={strings.about} />
      <Group gap="md">
        <SegmentedControl size="sm" aria-label={strings.state} value={state} onChange={(value) => setState(STATES.find((entry) => entry === value) ?? "open")} data={STATES.map((value) => ({ value, label: strings[value] }))} />
        <TextInput w={260} value={typed} maxLength={200} leftSection={<IconSearch size={16} aria-hidden />} aria-label={strings.search} placeholder={strings.search} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Switch label={strings.mine} checked={mine} onChange={(event) => setMine(event.currentTarget.checked)} />
      </Group>
      <div className={styles.split} data-open={issueId !== null || undefined}>
        <div className={styles.list} data-testid="issues">
          {pages.isPending && <LoadingState label={all.loading} />}
          {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
          {pages.isSuccess && items.length === 0 && <EmptyState icon={<IconMessage2 size={28} stroke={1.5} />} title={isFiltered ? strings.noMatch : strings.none} text={isFiltered ? strings.noMatchText : strings.noneText} />}
          <Stack gap={6}>
            {items.map((issue) => (
              <Row key={issue.id} issue={issue} isChosen={issue.id === issueId} onClick={() => onShow(issue.id)} />
            ))}
          </Stack>
          {pages.hasNextPage && (
            <Center mt="sm">
              <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {strings.more}
              </Button>
            </Center>
          )}
        </div>
        {issueId !== null ? (
          <IssueView key={issueId} projectId={projectId} issueId={issueId} onClose={() => onShow(null)} />
        ) : (
          items.length > 0 && (
            <Center className={styles.view}>
              <Text c="dimmed">{strings.choose}</Text>
            </Center>
          )
        )}
      </div>
    </Stack>
  )
}

function Row({ issue, isChosen, onClick }: { issue: Issue; isChosen: boolean; onClick: () => void }) {
  const [first] = issue.comments
  return (
    <UnstyledButton className={styles.row} data-chosen={isChosen || undefined} aria-current={isChosen || undefined} onClick={onClick} data-testid="issue">
      <img src={thumbnailUrl(issue.image_id)} alt="" loading="lazy" />
      <div className={styles.grow}>
        <Text size="sm" fw={600} lineClamp={2}>
          {first?.is_deleted ? strings.deleted : first?.text}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {issue.author_name ?? strings.somebody} · {issue.image_name}
        </Text>
        <Group gap={8}>
          <Text size="xs" c="dimmed">
            {ago(issue.updated_at)}
            {issue.comments.length > 1 && ` · ${strings.replies(issue.comments.length - 1)}`}
          </Text>
          {issue.state === "resolved" && (
            <Badge size="xs" variant="light" color="gray">
              {strings.resolvedBadge}
            </Badge>
          )}
        </Group>
      </div>
    </UnstyledButton>
  )
}
