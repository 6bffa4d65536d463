import { useCallback, useEffect, useRef, useState } from "react"

import { previewUrl } from "../../api/images"
import { useWhyNot } from "../../api/roles"
import { useAttributes, useClasses, useProject, useSession, useStatus } from "../../api/shared"
import { EmptyState, ErrorState, LoadingState } from "../../ui"
import { Done, NoClasses, NoImages } from "./Beginnings"
import { BatchDone } from "./batch/BatchDone"
import { warm } from "./draw/detail"
import { GridView } from "./grid/GridView"
import { LabelHeader } from "./LabelHeader"
import { OnePicture } from "./OnePicture"
import { SignInAgain } from "./parts/SignInAgain"
import { TroubleDialog } from "./parts/TroubleDialog"
import classes from "./parts/label.module.css"
import { signIn, useSuggestionStatus, type ImageCard, type SignIn } from "./queries"
import type { QueueOrder } from "./session/queue"
import type { Answer, WaitingItem } from "./session/types"
import { useFollowed, useLabelling, type Labelling } from "./session/useSession"
import { strings } from "./strings"

export interface LabelView {
  view: "one" | "grid"
  order: QueueOrder | null
  classId: string | null
}

interface Props extends LabelView {
  projectId: string
  batchId: string | null
  onView: (change: Partial<LabelView>) => void
}

const ASK_AGAIN_MS = 3000

function preload(card: ImageCard): void {
  const image = new Image()
  image.src = previewUrl(card.id)
  warm(card)
  void image.decode().catch(() => undefined)
}

/** Where people label; whoever may only look is told so. */
export function LabelPage(props: Props) {
  const project = useProject(props.projectId)
  const mayNot = useWhyNot(props.projectId, "label")
  if (project.isPending) return <LoadingState label={strings.loading} shape="cards" />
  if (project.data && !project.data.may.includes("label")) return <EmptyState title={strings.onlyLooking} text={mayNot} />
  return <Labelled {...props} />
}

/** Opens the session, and says what is missing before there is anything to label. */
function Labelled({ projectId, batchId, view, order, classId, onView }: Props) {
  const user = useSession().data?.user ?? null
  // Stays when the session ends: what was answered is still this person's.
  const [person, setPerson] = useState(user)
  if (user && user.id !== person?.id) setPerson(user)
  const project = useProject(projectId)
  const classList = useClasses(projectId)
  const status = useStatus(projectId)
  const chosenOrder = order ?? project.data?.settings.order ?? "helpful"
  const labelling = useLabelling({ projectId, batchId, userId: person?.id ?? null, order: chosenOrder, preload })
  const error = classList.error ?? status.error ?? project.error
  if (error && !classList.data) return <ErrorState error={error} onRetry={() => void classList.refetch()} />
  if (!classList.data || !status.data || !labelling) return <LoadingState label={strings.loading} shape="cards" />
  if (status.data.images === 0) return <NoImages projectId={projectId} />
  if (classList.data.length === 0) return <NoClasses projectId={projectId} />
  return (
    <Desk
      projectId={projectId}
      batchId={batchId}
      view={batchId ? "one" : view}
      order={chosenOrder}
      classId={classId}
      onView={onView}
      labelling={labelling}
      choices={classList.data}
      email={person?.email ?? ""}
      images={status.data.images}
    />
  )
}

interface DeskProps extends Props {
  order: QueueOrder
  labelling: Labelling
  choices: NonNullable<ReturnType<typeof useClasses>["data"]>
  email: string
  images: number
}

function Desk({ projectId, batchId, view, order, classId, onView, labelling, choices, email, images }: DeskProps) {
  const { session, outbox, save } = labelling
  const queue = useFollowed(labelling.queue)
  const suggestions = useSuggestionStatus(projectId)
  const attributes = useAttributes(projectId).data ?? []
  const [isDeciding, setDeciding] = useState(false)
  const [isPutOff, setPutOff] = useState(false)
  const say = useCallback((text: string) => session.say(text), [session])
  useWaitForMore(labelling, queue.status === "empty" && save.kept === 0)
  useFreshSuggestions(labelling, suggestions.data?.version ?? null)

  const nameOf = (answer: Answer) => {
    if (answer.answer === "does_not_belong") return strings.doesNotBelong
    if (answer.answer === "not_sure") return strings.notSure
    return choices.find((choice) => choice.id === answer.class_id)?.name ?? strings.noAnswerYet
  }
  const needs = suggestions.data?.version ? null : (suggestions.data?.needs ?? null)

  async function signInAgain(given: SignIn | null): Promise<boolean> {
    const worked = await signIn(given)
    if (worked) {
      setPutOff(false)
      void outbox.resume()
      void labelling.queue.fill()
    }
    return worked
  }

  async function decide(item: WaitingItem, decision: "mine" | "theirs"): Promise<void> {
    if (decision === "theirs" && item.trouble?.kind === "conflict") {
      for (const { image_id, revision, ...said } of item.trouble.current) session.overruled(image_id, said, revision)
    }
    await outbox.resolve(item, decision)
  }

  const common = { labelling, choices, nameOf, needs, say }
  const isDone = queue.status === "empty" && view === "one" && session.snapshot().looking === null
  return (
    <div className={classes.page}>
      <LabelHeader
        projectId={projectId}
        batchId={batchId}
        labelling={labelling}
        queue={queue}
        images={images}
        view={view}
        order={order}
        onView={onView}
        onDecide={() => setDeciding(true)}
        onSignIn={() => setPutOff(false)}
      />
      {view === "grid" ? (
        <GridView key={classId ?? ""} projectId={projectId} classId={classId} onClass={(next) => onView({ classId: next })} {...common} />
      ) : queue.status === "error" ? (
        <ErrorState error={new Error(queue.problem ?? strings.errorTitle)} onRetry={() => void labelling.queue.fill()} />
      ) : isDone && batchId ? (
        <BatchDone projectId={projectId} batchId={batchId} remaining={queue.remaining} notice={queue.notice} onTryAgain={() => void labelling.queue.fill()} onBack={session.snapshot().history.past.length > 0 ? () => session.back() : undefined} />
      ) : isDone ? (
        <Done projectId={projectId} labelling={labelling} remaining={queue.remaining} />
      ) : (
        <OnePicture projectId={projectId} batchId={batchId} attributes={attributes} queue={queue} {...common} />
      )}
      <TroubleDialog
        troubles={save.troubles}
        isOpen={isDeciding && save.troubles.length > 0}
        onClose={() => setDeciding(false)}
        urlOf={previewUrl}
        nameOf={nameOf}
        onDecide={(item, decision) => void decide(item, decision)}
      />
      <SignInAgain isOpen={save.connection === "signed-out" && !isPutOff} kept={save.kept} email={email} onClose={() => setPutOff(true)} onSignIn={signInAgain} />
    </div>
  )
}

/** Nothing left here: ask now and then, as pictures come back from other screens and from models. */
function useWaitForMore({ queue }: Labelling, isEmpty: boolean): void {
  useEffect(() => {
    if (!isEmpty) return
    void queue.fill()
    const timer = setInterval(() => void queue.fill(), ASK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [queue, isEmpty])
}

/** New suggestions arrived: what waits is fetched again; what is on screen stays as it is. */
function useFreshSuggestions({ queue }: Labelling, version: string | null): void {
  const last = useRef(version)
  useEffect(() => {
    if (version === null || version === last.current) return
    last.current = version
    void queue.refresh()
  }, [queue, version])
}
