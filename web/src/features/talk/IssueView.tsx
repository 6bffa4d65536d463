import { ActionIcon, Group, Text } from "@mantine/core"
import { IconPencil, IconX } from "@tabler/icons-react"

import type { CSSProperties } from "react"

import { previewUrl } from "../../api/images"
import { useProject } from "../../api/shared"
import { useIssue, type Issue } from "../../api/talk"
import { EmptyState, ErrorState, LinkButton, LoadingState } from "../../ui"
import { isProblem } from "../../api/problem"
import { Thread } from "../../talk"
import { strings as all } from "./strings"
import styles from "./talkPages.module.css"

const strings = all.issues

interface Props {
  projectId: string
  issueId: string
  onClose: () => void
}

/** One issue: the picture with its pin, and the thread. */
export function IssueView({ projectId, issueId, onClose }: Props) {
  const issue = useIssue(projectId, issueId)
  if (issue.isPending) return <div className={styles.view}><LoadingState label={all.loading} shape="cards" /></div>
  if (issue.isError) {
    const isGone = isProblem(issue.error) && issue.error.status === 404
    return <div className={styles.view}>{isGone ? <EmptyState title={strings.gone} text={strings.choose} /> : <ErrorState error={issue.error} onRetry={() => void issue.refetch()} />}</div>
  }
  return (
    <section className={styles.view} aria-label={issue.data.image_name} data-testid="issue-view">
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Text fw={600} truncate title={issue.data.image_name}>
          {issue.data.image_name}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Way issue={issue.data} />
          <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={strings.close}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <div className={styles.both}>
        <div className={styles.stage}>
          <div className={styles.picture} style={{ "--ratio": issue.data.image_width / issue.data.image_height } as CSSProperties}>
            <img src={previewUrl(issue.data.image_id)} alt={issue.data.image_name} />
            {issue.data.x !== null && issue.data.y !== null && (
              <span
                className={styles.pin}
                title={strings.pinned}
                data-testid="pin"
                style={{ left: `${(100 * issue.data.x) / issue.data.image_width}%`, top: `${(100 * issue.data.y) / issue.data.image_height}%` }}
              />
            )}
          </div>
        </div>
        <div className={styles.thread}>
          <Thread issue={issue.data} onGone={onClose} />
        </div>
      </div>
    </section>
  )
}

/** To where the picture is labelled, or to where it is among the others. */
function Way({ issue }: { issue: Issue }) {
  const project = useProject(issue.project_id).data
  const params = { projectId: issue.project_id }
  if (project && project.task !== "classification" && project.may.includes("label")) {
    return (
      <LinkButton size="xs" variant="default" to="/projects/$projectId/label" params={params} search={{ image: issue.image_id }} leftSection={<IconPencil size={14} aria-hidden />}>
        {strings.label}
      </LinkButton>
    )
  }
  return (
    <LinkButton size="xs" variant="default" to="/projects/$projectId/images" params={params} search={{ image: issue.image_id }}>
      {strings.grid}
    </LinkButton>
  )
}
