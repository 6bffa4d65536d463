import { Badge, Button, Checkbox, Group, Modal, NavLink, ScrollArea, SegmentedControl, Stack, Text, Title } from "@mantine/core"
import { useState } from "react"

import { ErrorState, LoadingState } from "../../../ui"
import styles from "../images.module.css"
import { strings } from "../strings"
import { BeforeAfter } from "./BeforeAfter"
import { useChanges, useDecide, type Changes, type ImportChange, type Kind } from "./changes"
import type { Import } from "./useUpload"

interface Props {
  projectId: string
  entry: Import
  onClose: () => void
}

/** What labels that came again would change: counted, picture by picture, before and after; a person decides. */
export function ChangesDialog({ projectId, entry, onClose }: Props) {
  const [kind, setKind] = useState<Kind>("all")
  const [chosen, setChosen] = useState<string | null>(null)
  const [includeEdited, setIncludeEdited] = useState(false)
  const list = useChanges(projectId, entry.id, kind)
  const decide = useDecide(projectId)
  const changes = entry.changes
  if (!changes) return null
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const shown = rows.find((row) => row.image.id === chosen) ?? rows[0]
  const isWaiting = changes.state === "waiting"
  const count = changes.images - (includeEdited ? 0 : changes.edited)
  const end = (step: Parameters<typeof decide.mutate>[0]["step"]) => decide.mutate({ entry, step }, { onSuccess: onClose })
  return (
    <Modal opened onClose={onClose} size={1240} title={<Title order={2}>{isWaiting ? strings.changesTitle : strings.changesDone}</Title>}>
      <Stack gap="sm">
        <Text>{strings.changesText(changes.images, entry.source)}</Text>
        <SegmentedControl value={kind} onChange={(value) => setKind(value as Kind)} data={kindsOf(changes)} style={{ alignSelf: "flex-start" }} />
        {changes.classes.length > 0 && isWaiting && <Text size="sm">{strings.newClasses(changes.classes)}</Text>}
        {list.isPending && <LoadingState label={strings.changeLoading} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {shown && (
          <Group align="stretch" wrap="nowrap" gap="md">
            <ScrollArea className={styles.changeList} type="auto">
              {rows.map((row) => (
                <Row key={row.image.id} row={row} isShown={row === shown} onShow={() => setChosen(row.image.id)} />
              ))}
              {list.hasNextPage && (
                <Button variant="subtle" fullWidth onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
                  {strings.reportMore}
                </Button>
              )}
            </ScrollArea>
            <div className={styles.changeSides}>
              <BeforeAfter projectId={projectId} importId={entry.id} imageId={shown.image.id} />
            </div>
          </Group>
        )}
        {isWaiting && (
          <Group justify="space-between">
            {changes.edited > 0 ? (
              <Checkbox checked={includeEdited} onChange={(event) => setIncludeEdited(event.currentTarget.checked)} label={strings.includeEdited(changes.edited)} />
            ) : (
              <Text size="sm" c="dimmed">
                {strings.changesHint}
              </Text>
            )}
            <Group gap="sm">
              <Button variant="default" onClick={() => end({ kind: "discard" })} loading={decide.isPending && decide.variables.step.kind === "discard"}>
                {strings.leaveAll}
              </Button>
              <Button onClick={() => end({ kind: "apply", includeEdited })} disabled={count === 0} loading={decide.isPending && decide.variables.step.kind === "apply"} data-autofocus>
                {strings.apply(count)}
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </Modal>
  )
}

function Row({ row, isShown, onShow }: { row: ImportChange; isShown: boolean; onShow: () => void }) {
  const marks = [row.added > 0 && `+${row.added}`, row.changed > 0 && `~${row.changed}`, row.deleted > 0 && `−${row.deleted}`].filter(Boolean)
  return (
    <NavLink
      component="button"
      type="button"
      active={isShown}
      onClick={onShow}
      onFocus={onShow}
      label={row.image.name}
      title={row.image.name}
      description={
        <Group gap={6} component="span">
          <span>{marks.length > 0 ? marks.join(" ") : strings.otherAnswer}</span>
          {row.is_edited && (
            <Badge size="xs" variant="light" color="yellow" component="span">
              {strings.edited}
            </Badge>
          )}
          {row.state !== "waiting" && row.state !== "applied" && <span>{strings.changeStates[row.state]}</span>}
        </Group>
      }
      styles={{ label: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } }}
    />
  )
}

function kindsOf(changes: Changes): { value: Kind; label: string }[] {
  const counts: [Kind, number][] = [
    ["all", changes.images],
    ["added", changes.added],
    ["changed", changes.changed],
    ["deleted", changes.deleted],
    ["answer", changes.answers],
    ["edited", changes.edited],
  ]
  return counts.filter(([value, count]) => value === "all" || count > 0).map(([value, count]) => ({ value, label: `${strings.changeKinds[value] ?? value} (${count.toLocaleString()})` }))
}
