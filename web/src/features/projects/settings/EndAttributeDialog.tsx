import { Button, Group, Modal, Stack, Text } from "@mantine/core"

import type { Attribute } from "../../../api/shared"
import { ErrorState, LoadingState, undoToast } from "../../../ui"
import { useAttributeImpact, useDeleteAttribute, useUndoLatest } from "../queries"
import { strings } from "./strings"

const { attributes: words } = strings

/** What deleting an attribute would hide, before it is done. */
export function EndAttributeDialog({ projectId, attribute, onClose }: { projectId: string; attribute: Attribute; onClose: () => void }) {
  const impact = useAttributeImpact(projectId, attribute.id)
  const remove = useDeleteAttribute(projectId)
  const undo = useUndoLatest(projectId)
  const go = () =>
    remove.mutate(attribute.id, {
      onSuccess: () => {
        onClose()
        undoToast(words.deleted(attribute.name), () => undo.mutate(undefined))
      },
    })
  return (
    <Modal opened onClose={onClose} title={words.deleteTitle(attribute.name)}>
      <Stack>
        {impact.isPending && <LoadingState label={strings.looking} />}
        {impact.isError && <ErrorState error={impact.error} onRetry={() => void impact.refetch()} />}
        {impact.data && <Text data-testid="impact">{impact.data.text}</Text>}
        <Group justify="flex-end">
          <Button color="clay" onClick={go} loading={remove.isPending} data-autofocus>
            {words.deleteButton}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
