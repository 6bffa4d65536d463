import { ActionIcon, Avatar, Badge, Button, Group, Menu, Stack, Text, Tooltip } from "@mantine/core"
import { IconCheck, IconDots, IconPencil, IconRotate, IconTrash } from "@tabler/icons-react"
import { useState } from "react"

import { useWhyNot } from "../api/roles"
import { useProject, useSession } from "../api/shared"
import { useIssueActions, useProjectMembers, type Issue, type IssueActions, type IssueComment, type ProjectMember } from "../api/talk"
import { ago, Barred, moment } from "../ui"
import { CommentBox } from "./CommentBox"
import { pieces } from "./mentions"
import { strings } from "./strings"
import classes from "./talk.module.css"

/** A thread with everything that can be done in it. */
export function Thread({ issue, onGone }: { issue: Issue; onGone?: () => void }) {
  const actions = useIssueActions(issue.project_id)
  const members = useProjectMembers(issue.project_id).data ?? []
  const mayNot = useWhyNot(issue.project_id, "comment")
  const isOpen = issue.state === "open"
  return (
    <Stack gap="sm" data-testid="thread">
      {issue.comments.map((comment, index) => (
        <Comment key={comment.id} comment={comment} issue={issue} isFirst={index === 0} members={members} actions={actions} mayWrite={mayNot === null} onGone={onGone} />
      ))}
      {!isOpen && issue.resolved_at && (
        <Text size="sm" c="dimmed">
          <IconCheck size={14} className={classes.inline} aria-hidden /> {strings.resolvedBy(issue.resolved_by_name, ago(issue.resolved_at))}
        </Text>
      )}
      <Barred why={mayNot}>
        <CommentBox
          key={issue.comments.length}
          members={members}
          placeholder={strings.write}
          sendLabel={strings.send}
          isBusy={actions.reply.isPending}
          onSend={(text, mentions) => actions.reply.mutate({ issueId: issue.id, text, mentions })}
        />
        <Group mt={6}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={isOpen ? <IconCheck size={14} aria-hidden /> : <IconRotate size={14} aria-hidden />}
            loading={actions.settle.isPending}
            onClick={() => actions.settle.mutate({ issueId: issue.id, state: isOpen ? "resolved" : "open" })}
          >
            {isOpen ? strings.resolve : strings.reopen}
          </Button>
        </Group>
      </Barred>
    </Stack>
  )
}

interface CommentProps {
  comment: IssueComment
  issue: Issue
  isFirst: boolean
  members: readonly ProjectMember[]
  actions: IssueActions
  mayWrite: boolean
  onGone: (() => void) | undefined
}

function Comment({ comment, issue, isFirst, members, actions, mayWrite, onGone }: CommentProps) {
  const [isEditing, setEditing] = useState(false)
  const me = useSession().data?.user?.id
  const moderates = useProject(issue.project_id).data?.may.includes("manage_data") ?? false
  const isMine = comment.author_id === me
  const isAlone = issue.comments.every((other) => other.author_id === me)
  const removesIssue = isFirst && (moderates || (isMine && isAlone))
  const mayRemove = !comment.is_deleted && (isMine || moderates)
  const name = comment.author_name ?? strings.somebody
  return (
    <div data-testid="comment">
      <Group gap={8} wrap="nowrap" mb={2}>
        <Avatar name={name} size={22} color="pine" aria-hidden />
        <Text size="sm" fw={600} truncate>
          {name}
        </Text>
        <Tooltip label={moment(comment.created_at)}>
          <Text size="xs" c="dimmed" flex="none">
            {ago(comment.created_at)}
          </Text>
        </Tooltip>
        {comment.edited_at && !comment.is_deleted && (
          <Badge size="xs" variant="light" color="gray">
            {strings.edited}
          </Badge>
        )}
        {mayWrite && (mayRemove || removesIssue) && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon ml="auto" size="sm" variant="subtle" color="gray" aria-label={strings.menu}>
                <IconDots size={14} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {isMine && !comment.is_deleted && (
                <Menu.Item leftSection={<IconPencil size={14} aria-hidden />} onClick={() => setEditing(true)}>
                  {strings.edit}
                </Menu.Item>
              )}
              {mayRemove && !(isFirst && isMine && isAlone) && (
                <Menu.Item leftSection={<IconTrash size={14} aria-hidden />} onClick={() => actions.withdraw.mutate(comment.id)}>
                  {strings.remove}
                </Menu.Item>
              )}
              {removesIssue && (
                <Menu.Item color="clay" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => actions.remove.mutate(issue.id, { onSuccess: () => onGone?.() })}>
                  {strings.removeIssue}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {isEditing ? (
        <CommentBox
          members={members}
          placeholder={strings.write}
          sendLabel={strings.save}
          initial={comment.text}
          isFocused
          isBusy={actions.edit.isPending}
          onCancel={() => setEditing(false)}
          onSend={(text, mentions) => actions.edit.mutate({ commentId: comment.id, text, mentions }, { onSuccess: () => setEditing(false) })}
        />
      ) : comment.is_deleted ? (
        <Text size="sm" c="dimmed" fs="italic" className={classes.said}>
          {strings.deleted}
        </Text>
      ) : (
        <Text size="sm" className={classes.said}>
          {pieces(comment.text, comment.mentions).map((piece, index) => (piece.isMention ? <span key={index} className={classes.mention}>{piece.text}</span> : piece.text))}
        </Text>
      )}
    </div>
  )
}
