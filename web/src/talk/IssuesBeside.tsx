import { ActionIcon, Anchor, Badge, Button, Group, Kbd, Stack, Text, Tooltip, UnstyledButton } from "@mantine/core"
import { IconArrowLeft, IconEye, IconEyeOff, IconMapPin } from "@tabler/icons-react"
import { useState } from "react"

import { useWhyNot } from "../api/roles"
import { useIssueActions, useProjectMembers, type Issue } from "../api/talk"
import { ago, Barred } from "../ui"
import { CommentBox } from "./CommentBox"
import { strings } from "./strings"
import classes from "./talk.module.css"
import { Thread } from "./Thread"
import type { Talk } from "./useTalk"

/** The issues of the picture on screen: all of them, one thread, or the one that is being written. */
export function IssuesBeside({ projectId, talk }: { projectId: string; talk: Talk }) {
  const [showsResolved, setShowsResolved] = useState(false)
  const numbered = talk.issues.map((issue, index) => ({ issue, number: index + 1 }))
  const chosen = numbered.find(({ issue }) => issue.id === talk.chosenId)
  const resolved = numbered.filter(({ issue }) => issue.state === "resolved")
  const shown = numbered.filter(({ issue }) => issue.state === "open" || showsResolved)
  const mayNot = useWhyNot(projectId, "comment")
  if (chosen) {
    return (
      <Stack gap="sm">
        <Anchor component="button" type="button" size="sm" onClick={() => talk.choose(null)}>
          <IconArrowLeft size={14} className={classes.inline} aria-hidden /> {strings.back}
        </Anchor>
        <Entry {...chosen} />
        <Thread key={chosen.issue.id} issue={chosen.issue} onGone={() => talk.choose(null)} />
      </Stack>
    )
  }
  return (
    <Stack gap="xs">
      <Group gap={6} wrap="nowrap">
        <Barred why={mayNot}>
          <Tooltip label={<PinHint keyName={talk.keys.comment} />} multiline maw={260}>
            <Button size="compact-sm" variant={talk.isPlacing ? "filled" : "light"} leftSection={<IconMapPin size={14} aria-hidden />} disabled={talk.imageId === null} onClick={() => talk.setPlacing(!talk.isPlacing)}>
              {strings.pin}
            </Button>
          </Tooltip>
        </Barred>
        <Tooltip label={<WithKey text={talk.showsPins ? strings.hidePins : strings.showPins} keyName={talk.keys.pins} />}>
          <ActionIcon ml="auto" variant="subtle" color="gray" aria-pressed={talk.showsPins} aria-label={talk.showsPins ? strings.hidePins : strings.showPins} onClick={() => talk.setShowsPins(!talk.showsPins)}>
            {talk.showsPins ? <IconEye size={16} aria-hidden /> : <IconEyeOff size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      </Group>
      {talk.draft ? (
        <NewIssue key={JSON.stringify(talk.draft)} projectId={projectId} talk={talk} />
      ) : (
        mayNot === null && (
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => talk.setDraft("whole")} disabled={talk.imageId === null}>
            {strings.whole}
          </Anchor>
        )
      )}
      {talk.issues.length === 0 && !talk.draft && (
        <Text size="sm" c="dimmed" data-testid="no-issue">
          {mayNot === null ? strings.none : strings.noneMayNot}
        </Text>
      )}
      {shown.map(({ issue, number }) => (
        <UnstyledButton key={issue.id} className={classes.entry} data-resolved={issue.state === "resolved" || undefined} onClick={() => talk.choose(issue.id)} data-testid="issue">
          <Entry issue={issue} number={number} />
          <Text size="sm" lineClamp={3} mt={4}>
            {issue.comments[0]?.is_deleted ? strings.deleted : issue.comments[0]?.text}
          </Text>
          {issue.comments.length > 1 && (
            <Text size="xs" c="dimmed" mt={2}>
              {strings.replies(issue.comments.length - 1)}
            </Text>
          )}
        </UnstyledButton>
      ))}
      {resolved.length > 0 && (
        <Anchor component="button" type="button" size="xs" ta="left" aria-expanded={showsResolved} onClick={() => setShowsResolved(!showsResolved)}>
          {strings.resolvedOnes(resolved.length)}
        </Anchor>
      )}
    </Stack>
  )
}

function NewIssue({ projectId, talk }: { projectId: string; talk: Talk }) {
  const { open } = useIssueActions(projectId)
  const members = useProjectMembers(projectId).data ?? []
  const { draft, imageId } = talk
  if (!draft || imageId === null) return null
  const place = draft === "whole" ? {} : draft
  return (
    <div data-testid="new-issue">
      <Text size="sm" fw={600} mb={4}>
        {draft === "whole" ? strings.newWhole : strings.newPinned}
      </Text>
      <CommentBox
        members={members}
        placeholder={strings.writeNew}
        sendLabel={strings.send}
        isFocused
        isBusy={open.isPending}
        onCancel={() => talk.setDraft(null)}
        onSend={(text, mentions) => open.mutate({ imageId, text, mentions, ...place }, { onSuccess: () => talk.setDraft(null) })}
      />
    </div>
  )
}

function Entry({ issue, number }: { issue: Issue; number: number }) {
  return (
    <Group gap={6} wrap="nowrap">
      <span className={classes.number} data-resolved={issue.state === "resolved" || undefined}>
        {number}
      </span>
      <Text size="xs" c="dimmed" truncate>
        {issue.author_name ?? strings.somebody} · {ago(issue.created_at)} · {issue.x === null || issue.y === null ? strings.onWhole : strings.place(issue.x, issue.y)}
      </Text>
      {issue.state === "resolved" && (
        <Badge size="xs" variant="light" color="gray" flex="none">
          {strings.resolvedOne}
        </Badge>
      )}
    </Group>
  )
}

function WithKey({ text, keyName }: { text: string; keyName: string | null }) {
  return (
    <>
      {text} {keyName && <Kbd size="xs">{keyName}</Kbd>}
    </>
  )
}

function PinHint({ keyName }: { keyName: string | null }) {
  return (
    <>
      {strings.pinHint} {keyName && <Kbd size="xs">{keyName}</Kbd>}
    </>
  )
}
