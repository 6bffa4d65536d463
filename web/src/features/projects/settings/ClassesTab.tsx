import { Button, Card, Group, Stack, Table, Text, Textarea } from "@mantine/core"
import { useState, type KeyboardEvent } from "react"

import { useClasses, useProject, type ProjectClass } from "../../../api/shared"
import { isWhole } from "../../../api/tasks"
import { ErrorState, LoadingState } from "../../../ui"
import { splitNames } from "../classNames"
import { useAddClasses, useUpdateClass } from "../queries"
import { ChangesCard } from "./ChangesCard"
import { ClassRow } from "./ClassRow"
import { EndClassDialog, type Ending } from "./EndClassDialog"
import { SkeletonDialog } from "./skeleton/SkeletonDialog"
import { SplitDialog } from "./split/SplitDialog"
import { strings } from "./strings"

/** The class list: add, rename, recolour, reorder, merge, delete. */
export function ClassesTab({ projectId }: { projectId: string }) {
  const classes = useClasses(projectId)
  const update = useUpdateClass(projectId)
  const [dragged, setDragged] = useState<string | null>(null)
  const [pointed, setPointed] = useState<ProjectClass | null>(null)
  const task = useProject(projectId).data?.task ?? "classification"
  const hasPoints = !isWhole(task)
  const [split, setSplit] = useState<ProjectClass | null>(null)
  const [ending, setEnding] = useState<Ending | null>(null)
  if (classes.isPending) return <LoadingState label={strings.loading} />
  if (classes.isError) return <ErrorState error={classes.error} onRetry={() => void classes.refetch()} />
  const list = classes.data
  const move = (entry: ProjectClass, position: number) => {
    if (position >= 0 && position < list.length) update.mutate({ classId: entry.id, position })
  }
  const drop = (position: number) => {
    if (dragged !== null) update.mutate({ classId: dragged, position })
    setDragged(null)
  }
  return (
    <Stack>
      <Card padding="lg">
        <AddClasses projectId={projectId} />
        {list.length === 0 && (
          <Text c="dimmed" mt="md">
            {strings.noClasses}
          </Text>
        )}
        {list.length > 0 && (
          <>
            <Table mt="md" verticalSpacing={6} data-testid="classes">
              <Table.Tbody>
                {list.map((entry, index) => (
                  <ClassRow
                    key={entry.id}
                    entry={entry}
                    index={index}
                    isLast={index === list.length - 1}
                    onChange={(change) => update.mutate({ classId: entry.id, ...change })}
                    onMove={(step) => move(entry, index + step)}
                    onDrag={() => setDragged(entry.id)}
                    onDrop={() => drop(index)}
                    onEnd={(action) => setEnding({ action, entry })}
                    onSplit={() => setSplit(entry)}
                    isPointed={task === "keypoints"}
                    onPoints={hasPoints ? () => setPointed(entry) : undefined}
                  />
                ))}
              </Table.Tbody>
            </Table>
            <Text size="xs" c="dimmed" mt="xs">
              {strings.move}
            </Text>
          </>
        )}
      </Card>
      <ChangesCard projectId={projectId} />
      {pointed && <SkeletonDialog projectId={projectId} entry={pointed} onClose={() => setPointed(null)} />}
      {split && <SplitDialog projectId={projectId} entry={split} onClose={() => setSplit(null)} />}
      {ending && <EndClassDialog projectId={projectId} ending={ending} classes={list} onClose={() => setEnding(null)} />}
    </Stack>
  )
}

function AddClasses({ projectId }: { projectId: string }) {
  const add = useAddClasses(projectId)
  const [text, setText] = useState("")
  const submit = () => {
    const names = splitNames(text)
    if (names.length > 0) add.mutate(names, { onSuccess: () => setText("") })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return
    event.preventDefault()
    submit()
  }
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <Textarea
        label={strings.addClass}
        description={strings.addClassHint}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKey}
        autosize
        minRows={1}
        maxRows={6}
        flex={1}
      />
      <Button onClick={submit} loading={add.isPending} disabled={text.trim() === ""}>
        {strings.addButton}
      </Button>
    </Group>
  )
}
