import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core"
import { useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import { ErrorState, LoadingState, undoToast } from "../../../ui"
import { useDeleteClass, useImpact, useMergeClass, useUndoLatest } from "../queries"
import { strings } from "./strings"

export interface Ending {
  action: "merge" | "delete"
  entry: ProjectClass
}

interface Props {
  projectId: string
  ending: Ending
  classes: readonly ProjectClass[]
  onClose: () => void
}

/** What merging or deleting a class would touch, before it is done. */
export function EndClassDialog({ projectId, ending: { action, entry }, classes, onClose }: Props) {
  const impact = useImpact(projectId, entry.id, action)
  const merge = useMergeClass(projectId)
  const remove = useDeleteClass(projectId)
  const undo = useUndoLatest(projectId)
  const [into, setInto] = useState<string | null>(null)
  const others = classes.filter((other) => other.id !== entry.id)
  const finish = (message: string) => {
    onClose()
    undoToast(message, () => undo.mutate(undefined))
  }
  const go = () => {
    if (action === "delete") remove.mutate(entry.id, { onSuccess: () => finish(strings.deleted(entry.name)) })
    else if (into !== null) {
      const name = others.find((other) => other.id === into)?.name ?? ""
      merge.mutate({ classId: entry.id, into }, { onSuccess: () => finish(strings.merged(entry.name, name)) })
    }
  }
  return (
    <Modal opened onClose={onClose} title={action === "merge" ? strings.mergeTitle(entry.name) : strings.deleteTitle(entry.name)}>
      <Stack>
        {impact.isPending && <LoadingState label={strings.looking} />}
        {impact.isError && <ErrorState error={impact.error} onRetry={() => void impact.refetch()} />}
        {impact.data && (
          <div data-testid="impact">
            <Text>{impact.data.text}</Text>
            <Text size="sm" c="dimmed" mt={4}>
              {strings.impact(impact.data.annotations, impact.data.suggestions, impact.data.versions)}
            </Text>
          </div>
        )}
        {action === "merge" && (
          <Select
            label={strings.mergeInto}
            value={into}
            onChange={setInto}
            searchable
            data={others.map((other) => ({ value: other.id, label: other.name }))}
            comboboxProps={{ withinPortal: true }}
          />
        )}
        <Text size="sm" c="dimmed">
          {strings.undoable}
        </Text>
        <Group justify="flex-end">
          <Button
            color={action === "delete" ? "clay" : undefined}
            onClick={go}
            loading={merge.isPending || remove.isPending}
            disabled={action === "merge" && into === null}
          >
            {action === "merge" ? strings.mergeButton : strings.deleteButton}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
