import { Badge, Button, Group, Text } from "@mantine/core"
import { useEffect, useState } from "react"

import { previewUrl } from "../../api/images"
import { useKeyOf } from "../../keymap"
import type { Attribute, ProjectClass } from "../../api/shared"
import { Aside, Pins, TalkButtons, useTalk } from "../../talk"
import { Actions, onScreen } from "./actions"
import { ReturnedLine } from "./batch/ReturnedLine"
import { ActionBar } from "./parts/ActionBar"
import { ClassColumn } from "./parts/ClassColumn"
import { LightTools } from "./parts/LightTools"
import { Stage } from "./parts/Stage"
import { SuggestionPanel } from "./parts/SuggestionPanel"
import { ValueFields } from "./parts/ValueFields"
import classes from "./parts/label.module.css"
import stage from "./parts/stage.module.css"
import { cardOf } from "./queries"
import type { QueueState, Returned } from "./session/queue"
import type { ImageCard } from "./queries"
import { useFollowed, type Labelling } from "./session/useSession"
import type { Answer } from "./session/types"
import { strings } from "./strings"
import { useLabelKeys } from "./useLabelKeys"
import { useValues } from "./useValues"
import { useViewer } from "./useViewer"

interface Props {
  projectId: string
  batchId: string | null
  attributes: readonly Attribute[]
  labelling: Labelling
  queue: QueueState<ImageCard>
  choices: readonly ProjectClass[]
  nameOf: (answer: Answer) => string
  needs: string | null
  say: (text: string) => void
}

/** One picture, large, with the classes beside it; an answer shows the next picture at once. */
export function OnePicture({ projectId, batchId, attributes, labelling, queue, choices, nameOf, needs, say }: Props) {
  const { session } = labelling
  const state = useFollowed(session)
  const screen = onScreen(state, queue.items)
  const [zoomedId, setZoomedId] = useState<string | null>(null)
  const [isSearching, setSearching] = useState(false)
  const [isLighting, setLighting] = useState(false)
  const { viewer, attach } = useViewer(projectId)
  const actions = new Actions(labelling, screen, nameOf)
  const { item, isLookingBack, missing } = screen
  const id = item?.image.id
  const isZoomed = id !== undefined && zoomedId === id
  const setZoomed = (isOn: boolean) => setZoomedId(isOn ? (id ?? null) : null)
  const values = useValues({ projectId, session, attributes, item, batchId, ahead: queue.items.map(({ image }) => image.id) })
  const answer = item ? session.answerOf(item.image) : null

  useEffect(() => session.shown(), [id, session])
  const sentBack = item?.returned && !item.image.answer ? item.lease_token : null
  useEffect(() => {
    // What this page remembers of it was sent back since.
    if (sentBack !== null && id !== undefined) session.overruled(id, { answer: "none", class_id: null }, 0)
  }, [sentBack, id, session])

  useEffect(() => {
    if (missing === null) return
    void cardOf(missing)
      .then((image) => session.remember({ image, reason: "", lease_token: "", guess: null }))
      .catch(() => session.forward())
  }, [missing, session])

  useLabelKeys({
    choices,
    actions,
    session,
    onSearch: () => setSearching(true),
    isZoomed,
    onZoom: setZoomed,
    looking: viewer,
    onLighting: () => setLighting(!isLighting),
    say,
  })

  const talk = useTalk(projectId, id ?? null, "one")
  const keyOf = useKeyOf("one")
  const recent = recentClasses(state.history.past.map((step) => step.changes[0]?.after.class_id ?? null))
  const classOf = (classId: string) => choices.find((choice) => choice.id === classId)
  const said = (returned: Returned | null | undefined) => (returned?.answer ? nameOf({ answer: returned.answer as Answer["answer"], class_id: returned.class_id }) : null)
  const showsGuess = item !== null && !isLookingBack
  return (
    <div className={classes.body}>
      <div className={classes.left}>
        {item && !isLookingBack && <ReturnedLine returned={item.returned} before={said(item.returned)} />}
        <div className={stage.around}>
          <Stage
            current={item?.image ?? null}
            ahead={queue.items.map((entry) => entry.image)}
            urlOf={previewUrl}
            isZoomed={isZoomed}
            onToggleZoom={() => setZoomed(!isZoomed)}
            viewer={viewer}
            onHost={attach}
            isLighting={isLighting}
          />
          {viewer && item && <Pins talk={talk} seen={viewer} size={item.image} />}
          {viewer && <LightTools viewer={viewer} isLighting={isLighting} onLighting={() => setLighting(!isLighting)} />}
        </div>
        <Group justify="space-between" wrap="nowrap" mih={26}>
          {isLookingBack ? (
            <Group gap="xs">
              <Badge variant="light" color="brass">
                {strings.lookingBack((state.looking ?? 0) + 1, state.trail.length)}
              </Badge>
              <Text size="sm" fw={600} data-testid="present-answer">
                {answer && answer.answer !== "none" ? nameOf(answer) : strings.noAnswerYet}
              </Text>
              <Button size="compact-xs" variant="subtle" onClick={() => toQueue(session.forward, () => session.snapshot().looking)}>
                {strings.toTheQueue}
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="dimmed" truncate>
              {item?.image.name}
            </Text>
          )}
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Text size="sm" aria-live="polite" data-testid="said" truncate>
              {state.said?.text}
            </Text>
            <TalkButtons projectId={projectId} talk={talk} />
          </Group>
        </Group>
        <ActionBar
          onDoesNotBelong={() => actions.say({ answer: "does_not_belong", class_id: null })}
          onNotSure={() => actions.say({ answer: "not_sure", class_id: null })}
          onSkip={() => actions.skip()}
          onUndo={() => actions.undo()}
          onRedo={() => actions.redo()}
          canUndo={state.history.past.length > 0}
          canRedo={state.history.future.length > 0}
          canSkip={!isLookingBack}
        />
      </div>
      <div className={classes.right}>
        <SuggestionPanel
          guess={showsGuess ? item.guess : null}
          classOf={classOf}
          reason={showsGuess ? item.reason : ""}
          isReserved={showsGuess && item.image.is_reserved}
          needs={needs}
          onAccept={(classId) => actions.choose(classId)}
        />
        <ClassColumn
          choices={choices}
          chosen={answer?.class_id ?? null}
          suggested={showsGuess ? (item.guess?.class_id ?? null) : null}
          recent={recent}
          searchKey={keyOf("search")}
          isSearching={isSearching}
          onSearch={setSearching}
          onChoose={(classId) => actions.choose(classId)}
        />
        {item && <ValueFields sections={[{ title: strings.values.picture, of: item.image.id, questions: values.questions }]} isOff={!values.isKnown} onLeave={blur} />}
      </div>
      <Aside projectId={projectId} talk={talk} classId={showsGuess ? (item.guess?.class_id ?? null) : (answer?.class_id ?? null)} />
    </div>
  )
}

/** Keys answer again. */
function blur(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

function toQueue(forward: () => void, looking: () => number | null): void {
  while (looking() !== null) forward()
}

/** The last eight classes that were used, newest first. */
function recentClasses(used: readonly (string | null)[]): string[] {
  return [...new Set(used.slice(-60).reverse())].filter((id) => id !== null).slice(0, 8)
}
