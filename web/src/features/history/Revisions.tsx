import { Card, Text, Title } from "@mantine/core"

import { useClasses } from "../../api/shared"
import { ago, moment } from "../../ui"
import styles from "./history.module.css"
import type { Revision } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  revisions: readonly Revision[]
  shown: number
  onState: (state: number) => void
}

/** All states of a picture, newest first: who made each, when, and how. */
export function Revisions({ projectId, revisions, shown, onState }: Props) {
  const classes = useClasses(projectId).data ?? []
  return (
    <Card padding={0} className={styles.list} data-testid="revisions">
      <Title order={2} size="h3" p="sm">
        {strings.title}
      </Title>
      {revisions.map((entry) => (
        <button key={entry.revision} type="button" className={styles.revision} aria-current={entry.revision === shown} onClick={() => onState(entry.revision)}>
          <Text size="sm" fw={600}>
            {strings.actions[entry.action] ?? entry.action}
            {entry.class_id !== null && `: ${classes.find(({ id }) => id === entry.class_id)?.name ?? strings.answers.class}`}
          </Text>
          <Text size="xs" c="dimmed" title={moment(entry.at)}>
            {entry.revision} · {entry.author_name ?? strings.server}, {ago(entry.at)}
          </Text>
        </button>
      ))}
    </Card>
  )
}
