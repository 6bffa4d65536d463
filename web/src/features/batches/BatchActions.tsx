import { ActionIcon, Button, Menu } from "@mantine/core"
import { IconDots } from "@tabler/icons-react"
import { useState } from "react"

import type { Batch } from "../../api/batches"
import { AskDialog, LinkButton } from "../../ui"
import { EditBatchDialog } from "./EditBatchDialog"
import { useChangeBatch, useDeleteBatch } from "./queries"
import { strings } from "./strings"
import { useMayLabel, useMayLead, useMayReview } from "./permissions"

/** What can be done with a batch. */
export function BatchActions({ batch, onDeleted }: { batch: Batch; onDeleted: () => void }) {
  const change = useChangeBatch(batch)
  const remove = useDeleteBatch(batch)
  const [asks, setAsks] = useState<"edit" | "close" | "remove" | null>(null)
  const done = () => setAsks(null)
  const isOpen = batch.state === "open"
  const isLead = useMayLead(batch.project_id)
  const mayLabel = useMayLabel(batch)
  const mayReview = useMayReview(batch)
  return (
    <>
      {mayReview && (
        <LinkButton variant={mayLabel ? "light" : "filled"} to="/projects/$projectId/review" params={{ projectId: batch.project_id }} search={{ batch: batch.id }}>
          {strings.review}
        </LinkButton>
      )}
      {mayLabel && (
        <LinkButton to="/projects/$projectId/label" params={{ projectId: batch.project_id }} search={{ batch: batch.id }}>
          {strings.label}
        </LinkButton>
      )}
      {isLead && batch.state !== "closed" && (
        <Button variant="default" loading={change.isPending && asks === null} onClick={() => change.mutate({ state: isOpen ? "paused" : "open" })}>
          {isOpen ? strings.pause : strings.open}
        </Button>
      )}
      {isLead && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size="lg" aria-label={strings.more}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {batch.state !== "closed" && <Menu.Item onClick={() => setAsks("edit")}>{strings.edit}</Menu.Item>}
            {batch.state !== "closed" && <Menu.Item onClick={() => setAsks("close")}>{strings.close}</Menu.Item>}
            <Menu.Item color="clay" onClick={() => setAsks("remove")}>
              {strings.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asks === "edit" && <EditBatchDialog batch={batch} onClose={done} />}
      {asks === "close" && (
        <AskDialog title={strings.closing.title(batch.name)} text={strings.closing.text} action={strings.closing.action} isBusy={change.isPending} onDo={() => change.mutate({ state: "closed" }, { onSuccess: done })} onClose={done} />
      )}
      {asks === "remove" && (
        <AskDialog title={strings.removing.title(batch.name)} text={strings.removing.text} action={strings.removing.action} isBusy={remove.isPending} onDo={() => remove.mutate(undefined, { onSuccess: onDeleted })} onClose={done} />
      )}
    </>
  )
}
