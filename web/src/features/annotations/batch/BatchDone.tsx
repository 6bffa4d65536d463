import { Anchor, Button, Stack } from "@mantine/core"

import { useBatch, useWork } from "../../../api/batches"
import { EmptyState, LinkAnchor, LinkButton } from "../../../ui"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string
  /** Pictures that wait for this person, but are on other screens. */
  remaining: number
  /** Why nothing is handed out, where it is not that all is labelled. */
  notice: string | null
  onTryAgain: () => void
  onBack: (() => void) | undefined
}

/** Nothing more to label in this batch: why, and what comes next. */
export function BatchDone({ projectId, batchId, remaining, notice, onTryAgain, onBack }: Props) {
  const name = useBatch(projectId, batchId).data?.name ?? ""
  const next = useWork().data?.find((work) => work.batch_id !== batchId)
  const isElsewhere = !notice && remaining > 0
  return (
    <EmptyState
      title={notice ? strings.stoppedTitle : isElsewhere ? strings.elsewhereTitle : strings.doneTitle}
      text={notice ?? (isElsewhere ? strings.elsewhereText : strings.doneText(name))}
      action={
        <Stack align="center" gap="xs">
          {isElsewhere && <Button onClick={onTryAgain}>{strings.tryAgain}</Button>}
          {next ? (
            <LinkButton variant={isElsewhere ? "default" : "filled"} to="/projects/$projectId/label" params={{ projectId: next.project_id }} search={{ batch: next.batch_id }}>
              {strings.next(next.name, next.left)}
            </LinkButton>
          ) : (
            <LinkButton variant={isElsewhere ? "default" : "filled"} to="/projects/$projectId/label" params={{ projectId }}>
              {strings.openQueue}
            </LinkButton>
          )}
          <LinkAnchor size="sm" to="/projects/$projectId/batches" params={{ projectId }}>
            {strings.batches}
          </LinkAnchor>
          {onBack && (
            <Anchor component="button" size="sm" onClick={onBack}>
              {strings.back}
            </Anchor>
          )}
        </Stack>
      }
    />
  )
}
