import { Alert, Button, Group, Menu, Modal, SimpleGrid, Stack, Text } from "@mantine/core"
import { useState } from "react"

import type { ProjectClass } from "../../../../api/shared"
import { undoToast } from "../../../../ui"
import { useSetSkeleton, useSkeletonImpact, useUndoLatest } from "../../queries"
import { strings } from "../strings"
import { bodyOf, draftOf, faulty, MOST, replaced, touchesObjects, withJoint } from "./draft"
import { Drawing } from "./Drawing"
import { PointLinks, Points } from "./Points"
import { PRESETS } from "./presets"

const { skeleton: words } = strings

interface Props {
  projectId: string
  entry: ProjectClass
  onClose: () => void
}

/** The points of a class: named, ordered, joined and paired; what a change does to objects is said before it is done. */
export function SkeletonDialog({ projectId, entry, onClose }: Props) {
  const before = entry.skeleton
  const [draft, setDraft] = useState(() => draftOf(before, true))
  const [chosen, setChosen] = useState<number | null>(null)
  const [isAsking, setAsking] = useState(false)
  const save = useSetSkeleton(projectId)
  const undo = useUndoLatest(projectId)
  const body = bodyOf(draft)
  const impact = useSkeletonImpact(projectId, entry.id, body, isAsking)
  const edit = (next: typeof draft) => {
    setAsking(false)
    setDraft(next)
  }
  const keep = () =>
    save.mutate(
      { classId: entry.id, ...body },
      {
        onSuccess: () => {
          onClose()
          undoToast(words.saved(entry.name, draft.joints.length), () => undo.mutate(undefined))
        },
      },
    )
  const isReady = faulty(draft).size === 0 && (draft.joints.length > 0 || before !== null)
  const add = () => {
    edit(withJoint(draft))
    setChosen(draft.joints.length)
  }
  return (
    <Modal opened onClose={onClose} size={860} title={words.title(entry.name)}>
      <Stack>
        <Text size="sm" c="dimmed">
          {words.about}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Drawing draft={draft} chosen={chosen} onChange={edit} onChoose={setChosen} />
          <Stack gap="xs">
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={add} disabled={draft.joints.length >= MOST}>
                {words.add}
              </Button>
              <Menu shadow="md">
                <Menu.Target>
                  <Button size="xs" variant="default">
                    {words.presets}
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {PRESETS.map(({ title, skeleton }) => (
                    <Menu.Item key={title} onClick={() => edit(replaced(draft, skeleton))}>
                      {title}
                    </Menu.Item>
                  ))}
                </Menu.Dropdown>
              </Menu>
            </Group>
            <Points draft={draft} chosen={chosen} onChange={edit} onChoose={setChosen} />
            <PointLinks draft={draft} chosen={chosen} onChange={edit} />
          </Stack>
        </SimpleGrid>
        {isAsking && impact.data && (
          <Alert color="brass" data-testid="impact">
            {impact.data.text}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          {touchesObjects(draft, before) && !isAsking ? (
            <Button disabled={!isReady} onClick={() => setAsking(true)}>
              {words.look}
            </Button>
          ) : (
            <Button disabled={!isReady || (isAsking && !impact.data)} loading={save.isPending} onClick={keep}>
              {draft.joints.length === 0 ? words.takeAway : words.save}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
