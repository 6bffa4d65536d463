import { Group, Select, Text, Title } from "@mantine/core"
import { useState, type ReactNode } from "react"

import type { Attribute, ProjectClass } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import { ErrorState } from "../../../ui"
import { ClassColumn } from "../parts/ClassColumn"
import { SignInAgain } from "../parts/SignInAgain"
import { signIn, type ImageCard } from "../queries"
import type { LabelQueue, QueueOrder } from "../session/queue"
import { useKeyOf } from "../../../keymap"
import { Aside, Pins, TalkButtons, useTalk } from "../../../talk"
import { useFollowed } from "../session/useSession"
import { strings as labelStrings } from "../strings"
import { BatchDone } from "../batch/BatchDone"
import { BatchLine } from "../batch/BatchLine"
import { ReturnedLine } from "../batch/ReturnedLine"
import { AllDone } from "./AllDone"
import { ConflictDialog } from "./ConflictDialog"
import type { DraftStore } from "./drafts"
import classes from "./draw.module.css"
import { Finish } from "./Finish"
import { Footer } from "./Footer"
import { ObjectList } from "./ObjectList"
import { OptionsBar } from "./OptionsBar"
import { Overview } from "./Overview"
import { useSmart, useSmartFollowing } from "./smart/useSmart"
import { Status } from "./Status"
import { ProposalPanel } from "./suggestions/ProposalPanel"
import { useProposalKeys } from "./suggestions/useProposalKeys"
import { useProposals } from "./suggestions/useProposals"
import { strings } from "./strings"
import { Toolbar } from "./Toolbar"
import { firstToolOf, formsOf, isLayered, toolsOf } from "./toolTable"
import { useDrawing } from "./useDrawing"
import { useDrawKeys } from "./useDrawKeys"
import { useImage, useWalk } from "./useWalk"
import { ValuesPanel } from "./ValuesPanel"
import { chosenOf, WholeBar } from "./WholeBar"
import { toggleWhole, useWholeKeys } from "./wholeKeys"

interface Props {
  projectId: string
  batchId: string | null
  queue: LabelQueue<ImageCard>
  drafts: DraftStore
  task: string
  choices: readonly ProjectClass[]
  attributes: readonly Attribute[]
  person: { id: string; email: string }
  order: QueueOrder
  imageId: string | null
  onView: (change: { order?: QueueOrder; imageId?: string | null }) => void
  heading?: ReactNode
}

const ORDERS: QueueOrder[] = ["helpful", "random", "upload"]

/** The picture with everything around it that drawing needs. */
export function Desk({ projectId, batchId, queue, drafts, task, choices, attributes, person, order, imageId, onView, heading }: Props) {
  const waiting = useFollowed(queue)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [said, setSaid] = useState("")
  const [isSearching, setSearching] = useState(false)
  const [isSigningIn, setSigningIn] = useState(false)
  const [tools, forms] = [toolsOf(task), formsOf(task)]
  const looking = useImage(imageId)
  const image = imageId === null ? (waiting.items[0]?.image ?? null) : looking.image
  const smart = useSmart({ imageId: image?.id ?? null, say: setSaid })
  const drawing = useDrawing({ host, image, choices, projectId, batchId, userId: person.id, drafts, smart: smart.port, smartForm: forms[0] ?? "polygon", isLayered: isLayered(task), firstTool: firstToolOf(tools) })
  const { editor = null, saver = null, present = null, error = null } = drawing ?? {}
  useSmartFollowing(smart, saver ? editor : null, tools)
  const trouble = error ?? looking.error
  const retry = () => (error ? drawing?.retry() : looking.retry())
  const walk = useWalk({ queue, drawing, image, imageId, go: (next) => onView({ imageId: next }), say: setSaid })
  const isOfWhole = task === "multi_label"
  const proposals = useProposals({ projectId, batchId, imageId: image?.id ?? null, editor, saver, isWanted: !isLayered(task) && !isOfWhole, say: setSaid })
  const hands = { editor: saver ? editor : null, choices, walk, say: setSaid, onSearch: () => setSearching(true) }
  const talk = useTalk(projectId, image?.id ?? null, isOfWhole ? "whole" : "draw")
  const [drawKey, wholeKey] = [useKeyOf("draw"), useKeyOf("whole")]
  useDrawKeys({ ...hands, isOn: !isOfWhole, tools })
  useWholeKeys({ ...hands, isOn: isOfWhole, noneKey: wholeKey("none") })
  useProposalKeys(proposals, !isOfWhole)

  const selected = editor && editor.board.selection.size === 1 ? editor.board.find([...editor.board.selection][0] ?? "") : undefined
  return (
    <div className={classes.page}>
      <Group justify="space-between" gap="sm">
        {heading ?? (
          <Group gap="md">
          <Title order={1}>{strings.title}</Title>
          {batchId ? (
            <BatchLine projectId={projectId} batchId={batchId} />
          ) : (
            <Select size="xs" w={185} aria-label={labelStrings.orderLabel} allowDeselect={false} value={order} onChange={(value) => onView({ order: ORDERS.find((entry) => entry === value) ?? "helpful" })} data={ORDERS.map((value) => ({ value, label: labelStrings.order[value] }))} />
          )}
          <Text size="sm" c="dimmed" data-testid="left">
            {strings.left(waiting.remaining)}
          </Text>
        </Group>
        )}
        <Group gap="xs" wrap="nowrap">
          <TalkButtons projectId={projectId} talk={talk} />
          <Status saver={saver} isDurable={drafts.isDurable} onSignIn={() => setSigningIn(true)} />
        </Group>
      </Group>
      {imageId === null && <ReturnedLine returned={waiting.items[0]?.returned} before={null} />}
      {imageId === null && waiting.status === "empty" && batchId ? (
        <BatchDone projectId={projectId} batchId={batchId} remaining={waiting.remaining} notice={waiting.notice} onTryAgain={() => void queue.fill()} onBack={walk.back} />
      ) : imageId === null && waiting.status === "empty" ? (
        <AllDone projectId={projectId} onBack={walk.back} />
      ) : (
        <div className={classes.body}>
          {editor && <Toolbar editor={editor} tools={tools} isOfWhole={isOfWhole} />}
          <div className={classes.middle}>
            {isOfWhole ? <WholeBar editor={editor} choices={choices} /> : <OptionsBar editor={editor} choices={choices} forms={forms} smart={smart} />}
            <div className={classes.surface} data-testid="surface" data-image-id={saver ? image?.id : undefined}>
              <div ref={setHost} tabIndex={0} className={classes.host} aria-label={image?.name} onKeyDown={(event) => letGo(event, editor)} onPointerDown={(event) => event.currentTarget.focus()} />
              {editor && image && saver && <Pins talk={talk} seen={editor} size={image} />}
              {editor && <Overview editor={editor} />}
              {!saver && <div className={classes.veil}>{trouble ? <ErrorState error={trouble} onRetry={retry} /> : <Text c="dimmed">{strings.loading}</Text>}</div>}
            </div>
            <Footer editor={editor} name={image?.name ?? ""} isDone={present !== null && present.answer !== "none"} said={said} />
          </div>
          <div className={classes.right}>
            <ClassColumn
              choices={choices}
              chosen={isOfWhole ? (editor && chosenOf(editor)) : (selected?.class_id ?? editor?.board.classId ?? null)}
              suggested={null}
              recent={[]}
              searchKey={isOfWhole ? wholeKey("search") : drawKey("search")}
              isSearching={isSearching}
              onSearch={setSearching}
              onChoose={(id) => editor && (isOfWhole ? toggleWhole(editor, id) : editor.board.setClass(id))}
            />
            {editor && saver && !isOfWhole && <ProposalPanel editor={editor} proposals={proposals} choices={choices} />}
            {editor && !isOfWhole && <ObjectList editor={editor} choices={choices} />}
            {editor && saver && <ValuesPanel editor={editor} attributes={attributes} />}
            <Finish editor={editor} walk={walk} isReady={saver !== null} isWhole={isOfWhole} say={setSaid} />
          </div>
          <Aside projectId={projectId} talk={talk} classId={isOfWhole ? null : (selected?.class_id ?? editor?.board.classId ?? null)} />
        </div>
      )}
      {editor && saver && <ConflictDialog saver={saver} editor={editor} choices={choices} />}
      <SignInAgain
        isOpen={isSigningIn}
        kept={1}
        email={person.email}
        onClose={() => setSigningIn(false)}
        onSignIn={async (given) => {
          const worked = await signIn(given)
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

/** Escape with nothing selected lets go of the picture, so that Tab goes on through the page. */
function letGo(event: React.KeyboardEvent<HTMLElement>, editor: Editor | null): void {
  if (event.key === "Escape" && editor?.board.selection.size === 0) event.currentTarget.blur()
}
