import { Badge, Button, Group, Select, Text, Title } from "@mantine/core"
import { useEffect, useState } from "react"

import { useClasses, useProject, useSession, useStatus } from "../../../api/shared"
import { TOOLS, type DrawnObject, type Editor, type ToolName } from "../../../canvas"
import { ErrorState, LoadingState } from "../../../ui"
import { NoClasses, NoImages } from "../Beginnings"
import { ClassColumn } from "../parts/ClassColumn"
import { SignInAgain } from "../parts/SignInAgain"
import { cardOf, signIn, type ImageCard } from "../queries"
import type { LabelQueue, QueueOrder } from "../session/queue"
import { useFollowed } from "../session/useSession"
import { strings as labelStrings } from "../strings"
import { sendLeftovers } from "./connect"
import { openDrafts, type DraftStore } from "./drafts"
import classes from "./draw.module.css"
import { AllDone } from "./AllDone"
import { ObjectList } from "./ObjectList"
import type { DoneAnswer } from "./saver"
import { ConflictDialog, Status } from "./Status"
import { strings } from "./strings"
import { Toolbar } from "./Toolbar"
import { drawnOn, useDrawing } from "./useDrawing"
import { useDrawKeys } from "./useDrawKeys"
import { useQueue } from "./useQueue"

interface Props {
  projectId: string
  order: QueueOrder | null
  imageId: string | null
  onView: (change: { order?: QueueOrder; imageId?: string | null }) => void
}

/** Boxes alone where a model is to find things, every shape where it is to outline them. */
const TOOLS_OF: Record<string, readonly ToolName[]> = { detection: ["select", "hand", "box", "polygon", "ellipse"], segmentation: TOOLS }
const ORDERS: QueueOrder[] = ["helpful", "random", "upload"]

/** Where people draw: says what is missing before there is anything to draw on. */
export function DrawPage({ projectId, order, imageId, onView }: Props) {
  const user = useSession().data?.user ?? null
  const [person, setPerson] = useState(user)
  if (user && user.id !== person?.id) setPerson(user)
  const project = useProject(projectId)
  const classList = useClasses(projectId)
  const status = useStatus(projectId)
  const chosenOrder = order ?? project.data?.settings.order ?? "helpful"
  const queue = useQueue(projectId, chosenOrder)
  const drafts = useDrafts(person?.id ?? null, projectId)
  const error = classList.error ?? status.error ?? project.error
  if (error && !classList.data) return <ErrorState error={error} onRetry={() => void classList.refetch()} />
  if (!classList.data || !status.data || !project.data || !queue || !drafts || !person) return <LoadingState label={strings.loading} shape="cards" />
  if (status.data.images === 0) return <NoImages projectId={projectId} />
  if (classList.data.length === 0) return <NoClasses projectId={projectId} least={1} />
  const tools = TOOLS_OF[project.data.task] ?? TOOLS
  return <Desk {...{ projectId, queue, drafts, tools, onView, imageId }} order={chosenOrder} choices={classList.data} person={person} />
}

/** The browser's store of drafts; what an earlier visit left there is sent at once. */
function useDrafts(userId: string | null, projectId: string): DraftStore | null {
  const [drafts, setDrafts] = useState<DraftStore | null>(null)
  useEffect(() => {
    if (userId === null) return
    let isGone = false
    void openDrafts().then(async (store) => {
      await sendLeftovers(await store.all(userId, projectId), (imageId) => store.drop(userId, imageId))
      if (!isGone) setDrafts(store)
    })
    return () => {
      isGone = true
    }
  }, [userId, projectId])
  return drafts
}

interface DeskProps {
  projectId: string
  queue: LabelQueue<ImageCard>
  drafts: DraftStore
  tools: readonly ToolName[]
  choices: NonNullable<ReturnType<typeof useClasses>["data"]>
  person: { id: string; email: string }
  order: QueueOrder
  imageId: string | null
  onView: Props["onView"]
}

function Desk({ projectId, queue, drafts, tools, choices, person, order, imageId, onView }: DeskProps) {
  const waiting = useFollowed(queue)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [trail, setTrail] = useState<ImageCard[]>([])
  const [said, setSaid] = useState("")
  const [isSearching, setSearching] = useState(false)
  const [isSigningIn, setSigningIn] = useState(false)
  const [previousObjects, setPreviousObjects] = useState<DrawnObject[] | null>(null)
  const looking = useImage(imageId)
  const image = imageId === null ? (waiting.items[0]?.image ?? null) : looking
  const drawing = useDrawing({ host, image, choices, projectId, userId: person.id, drafts })
  const editor = drawing?.editor ?? null
  const saver = drawing?.saver ?? null

  async function leave(answer: DoneAnswer | null): Promise<boolean> {
    if (!editor || !saver || !image) return false
    editor.key("Enter")
    const objects = drawnOn(editor)
    if (!(await saver.flush(answer))) {
      setSaid(strings.said.notSaved)
      return false
    }
    setPreviousObjects(objects)
    setTrail((before) => [...before.filter(({ id }) => id !== image.id), image])
    setSaid("")
    return true
  }
  async function finish(answer: DoneAnswer = "objects") {
    if (!image || !(await leave(answer))) return
    if (imageId === null) queue.advance(image.id)
    else forward()
  }
  const at = trail.findIndex(({ id }) => id === imageId)
  function back() {
    const before = trail[at < 0 ? trail.length - 1 : at - 1]
    if (before) void leave(null).then((isSaved) => isSaved && onView({ imageId: before.id }))
  }
  function forward() {
    onView({ imageId: at >= 0 ? (trail[at + 1]?.id ?? null) : null })
  }
  async function skip() {
    if (image && imageId === null && (await leave(null))) await queue.skip(image.id)
  }
  useDrawKeys({
    editor: saver ? editor : null,
    choices,
    tools,
    previousObjects,
    onDone: () => void finish(),
    onSkip: () => void skip(),
    onPrevious: back,
    onNext: () => imageId !== null && void leave(null).then((isSaved) => isSaved && forward()),
    say: setSaid,
  })

  const isEmpty = imageId === null && waiting.status === "empty"
  const selected = editor && editor.board.selection.size === 1 ? editor.board.objects.get([...editor.board.selection][0] ?? "") : undefined
  const count = editor?.board.objects.size ?? 0
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm">
        <Group gap="md">
          <Title order={1}>{strings.title}</Title>
          <Select size="xs" w={185} aria-label={labelStrings.orderLabel} allowDeselect={false} value={order} onChange={(value) => onView({ order: ORDERS.find((entry) => entry === value) ?? "helpful" })} data={ORDERS.map((value) => ({ value, label: labelStrings.order[value] }))} />
          <Text size="sm" c="dimmed" data-testid="left">
            {strings.left(waiting.remaining)}
          </Text>
        </Group>
        <Status saver={saver} isDurable={drafts.isDurable} onSignIn={() => setSigningIn(true)} />
      </Group>
      {isEmpty ? (
        <AllDone projectId={projectId} onBack={trail.length > 0 ? back : undefined} />
      ) : (
        <div className={classes.body}>
          {editor && <Toolbar editor={editor} tools={tools} />}
          <div className={classes.middle}>
            <div className={classes.surface} data-testid="surface" data-image-id={saver ? image?.id : undefined}>
              <div ref={setHost} tabIndex={0} style={{ position: "absolute", inset: 0, outline: "none" }} aria-label={image?.name} onKeyDown={(event) => cycle(event, editor)} onPointerDown={(event) => event.currentTarget.focus()} />
              {!saver && <div className={classes.veil}>{drawing?.error ? <Text role="alert">{drawing.error.message || strings.failed}</Text> : <Text c="dimmed">{strings.loading}</Text>}</div>}
            </div>
            <Footer editor={editor} name={image?.name ?? ""} isDone={drawing?.present !== null && drawing?.present?.answer !== "none"} said={said} />
          </div>
          <div className={classes.right}>
            <ClassColumn choices={choices} chosen={selected?.class_id ?? editor?.board.classId ?? null} suggested={null} recent={[]} isSearching={isSearching} onSearch={setSearching} onChoose={(id) => editor?.board.setClass(id)} />
            {editor && <ObjectList editor={editor} choices={choices} />}
            <Button onClick={() => void finish()} disabled={!saver} data-testid="done">
              {count > 0 ? strings.done : strings.nothingHere}
            </Button>
            <Group gap="xs" grow preventGrowOverflow={false}>
              <Button variant="default" size="xs" disabled={!saver} onClick={() => void finish("not_sure")}>
                {strings.notSure}
              </Button>
              <Button variant="default" size="xs" disabled={!saver} onClick={() => void finish("does_not_belong")}>
                {strings.doesNotBelong}
              </Button>
            </Group>
          </div>
        </div>
      )}
      {editor && <ConflictDialog saver={saver} editor={editor} />}
      <SignInAgain
        isOpen={isSigningIn}
        kept={1}
        email={person.email}
        onClose={() => setSigningIn(false)}
        onSignIn={async (email, password) => {
          const worked = await signIn(email, password)
          if (worked) {
            setSigningIn(false)
            saver?.resume()
          }
          return worked
        }}
      />
    </div>
  )
}

/** Tab goes through objects while the picture has the focus; Escape with nothing selected lets go of it. */
function cycle(event: React.KeyboardEvent<HTMLElement>, editor: Editor | null): void {
  if (event.key === "Escape" && editor?.board.selection.size === 0) event.currentTarget.blur()
  if (event.key !== "Tab" || !editor || editor.board.objects.size === 0) return
  event.preventDefault()
  editor.board.cycle(event.shiftKey ? -1 : 1)
}

/** The picture that somebody looks back at, by its id. */
function useImage(imageId: string | null): ImageCard | null {
  const [image, setImage] = useState<ImageCard | null>(null)
  useEffect(() => {
    if (imageId === null) return
    let isGone = false
    void cardOf(imageId)
      .then((card) => !isGone && setImage(card))
      .catch(() => undefined)
    return () => {
      isGone = true
    }
  }, [imageId])
  return image?.id === imageId ? image : null
}

function Footer({ editor, name, isDone, said }: { editor: Editor | null; name: string; isDone: boolean; said: string }) {
  const pointer = editor?.pointer
  const [only] = editor?.board.selected() ?? []
  return (
    <Group justify="space-between" wrap="nowrap" mih={26} gap="md">
      <Group gap="xs" wrap="nowrap" miw={0}>
        <Text size="sm" c="dimmed" truncate>
          {name}
        </Text>
        <Badge variant="light" color={isDone ? "pine" : "gray"}>
          {isDone ? strings.doneBefore : strings.notDone}
        </Badge>
      </Group>
      <Text size="sm" aria-live="polite" data-testid="said" truncate>
        {said}
      </Text>
      <Text size="sm" c="dimmed" ff="monospace" style={{ whiteSpace: "nowrap" }} data-testid="where">
        {only && strings.size(only.width, only.height)} {pointer && `${pointer.x}, ${pointer.y}`} {editor && strings.zoom(editor.scale)}
      </Text>
    </Group>
  )
}
