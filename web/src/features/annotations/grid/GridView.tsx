import { Button, Group, Kbd, Text } from "@mantine/core"
import { useRef, useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import { useKeyOf } from "../../../keymap"
import { EmptyState, ErrorState, LoadingState } from "../../../ui"
import { ActionBar } from "../parts/ActionBar"
import { ClassColumn } from "../parts/ClassColumn"
import classes from "../parts/label.module.css"
import type { ImageCard } from "../queries"
import { useFollowed, type Labelling } from "../session/useSession"
import type { Answer } from "../session/types"
import { strings } from "../strings"
import { ClassPicker } from "./ClassPicker"
import { NO_MARKS, type Marks } from "./marks"
import { PAGE, useGridPage, useSuggestedCounts } from "./queries"
import { Tiles } from "./Tiles"
import { useGridKeys } from "./useGridKeys"

interface Props {
  projectId: string
  labelling: Labelling
  choices: readonly ProjectClass[]
  classId: string | null
  onClass: (classId: string | null) => void
  nameOf: (answer: Answer) => string
  needs: string | null
  say: (text: string) => void
}

/** Many pictures that look like one class: mark those that do not belong, accept the rest in one step. */
export function GridView({ projectId, labelling, choices, classId, onClass, nameOf, needs, say }: Props) {
  const page = useGridPage(projectId, classId)
  const counts = useSuggestedCounts(projectId)
  const state = useFollowed(labelling.session)
  const [marks, setMarks] = useState<Marks>(NO_MARKS)
  const [passed, setPassed] = useState<ReadonlySet<string>>(new Set())
  const [isSearching, setSearching] = useState(false)
  const grid = useRef<HTMLDivElement>(null)
  const { session } = labelling

  const waiting = (page.data?.pages ?? []).flatMap((part) => part.items).filter((card) => session.answerOf(card).answer === "none" && !passed.has(card.id))
  const cards = waiting.slice(0, PAGE)
  const alike = page.hasNextPage && classId ? (counts.data?.facets.suggested_class?.[classId] ?? 0) : 0
  const total = Math.max(waiting.length, alike)
  const chosen = choices.find((choice) => choice.id === classId)
  const marked = cards.filter((card) => marks.marked.has(card.id))
  const rest = cards.filter((card) => !marks.marked.has(card.id))

  function after(answered: readonly ImageCard[]) {
    setMarks(NO_MARKS)
    if (waiting.length - answered.length <= PAGE && page.hasNextPage && !page.isFetchingNextPage) void page.fetchNextPage()
  }

  function answerMarked(answer: Answer) {
    if (marked.length === 0) return say(strings.grid.choose)
    session.answerMany(marked, answer, strings.said.bulk(marked.length, nameOf(answer)))
    after(marked)
  }

  function acceptRest() {
    if (!chosen || rest.length === 0) return
    session.answerMany(rest, { answer: "class", class_id: chosen.id }, strings.said.bulk(rest.length, chosen.name))
    setPassed(new Set([...passed, ...marked.map((card) => card.id)]))
    after(rest)
  }

  function undo() {
    const step = session.undo((undone) => strings.said.undone(undone.changes.length))
    if (!step) return say(strings.said.nothingToUndo)
    const ids = new Set(step.changes.map((change) => change.image_id))
    setPassed(new Set([...passed].filter((id) => !ids.has(id))))
  }

  function redo() {
    if (!session.redo((again) => strings.said.redone(again.changes.length))) say(strings.said.nothingToRedo)
  }

  function choose(next: string | null) {
    setMarks(NO_MARKS)
    setPassed(new Set())
    onClass(next)
  }

  const keyOf = useKeyOf("many")
  useGridKeys({ grid, ids: cards.map((card) => card.id), choices, classId, marks, setMarks, onAnswer: answerMarked, onAccept: acceptRest, onUndo: undo, onRedo: redo, onClass: choose, onSearch: () => setSearching(marked.length > 0) })

  return (
    <div className={classes.body}>
      <div className={classes.left}>
        <Group justify="space-between">
          <div>
            <Text fw={600}>{chosen ? strings.grid.looksLike(chosen.name, total) : strings.grid.allUnlabelled}</Text>
            <Text size="sm" c="dimmed">
              {chosen ? strings.grid.clickOut : strings.grid.choose}
            </Text>
          </div>
          {chosen && rest.length > 0 && (
            <Button onClick={acceptRest} rightSection={keyOf("accept") && <Kbd size="xs">{keyOf("accept")}</Kbd>} tabIndex={-1}>
              {strings.grid.acceptN(rest.length, chosen.name)}
            </Button>
          )}
        </Group>
        {(page.isPending || (page.isFetchingNextPage && cards.length === 0)) && <LoadingState label={strings.loading} shape="grid" />}
        {page.isError && <ErrorState error={page.error} onRetry={() => void page.refetch()} />}
        {page.isSuccess && !page.isFetchingNextPage && cards.length === 0 && <EmptyState title={strings.grid.pageDone} text={needs ?? strings.grid.nothingSuggested} />}
        <Tiles ref={grid} cards={cards} marks={marks} setMarks={setMarks} isOut={chosen !== undefined} choices={choices} />
        <Group justify="space-between" mih={26}>
          <Text size="sm">{marked.length > 0 ? strings.grid.chosen(marked.length) : ""}</Text>
          <Text size="sm" aria-live="polite" data-testid="said">
            {state.said?.text}
          </Text>
        </Group>
        <ActionBar
          isMany
          onDoesNotBelong={() => answerMarked({ answer: "does_not_belong", class_id: null })}
          onNotSure={() => answerMarked({ answer: "not_sure", class_id: null })}
          onUndo={undo}
          onRedo={redo}
          canUndo={state.history.past.length > 0}
          canRedo={state.history.future.length > 0}
          canSkip={false}
        />
      </div>
      <div className={classes.right}>
        {marked.length > 0 ? (
          <ClassColumn
            choices={choices}
            chosen={null}
            suggested={null}
            recent={[]}
            searchKey={keyOf("search")}
            isSearching={isSearching}
            onSearch={setSearching}
            onChoose={(id) => answerMarked({ answer: "class", class_id: id })}
          />
        ) : (
          <ClassPicker choices={choices} counts={counts.data?.facets.suggested_class ?? {}} classId={classId} onClass={choose} />
        )}
      </div>
    </div>
  )
}
