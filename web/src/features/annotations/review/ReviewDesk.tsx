import { Alert, Badge, Button, Group, Text, Title } from "@mantine/core"
import { useState } from "react"

import { useBatch } from "../../../api/batches"
import type { Attribute, ProjectClass } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import { ago, ErrorState, LinkAnchor, LoadingState } from "../../../ui"
import draw from "../draw/draw.module.css"
import { Overview } from "../draw/Overview"
import { OptionsBar } from "../draw/OptionsBar"
import { useSmart, useSmartFollowing } from "../draw/smart/useSmart"
import { Toolbar } from "../draw/Toolbar"
import { formsOf, toolsOf } from "../draw/toolTable"
import { WholeBar } from "../draw/WholeBar"
import { toggleWhole } from "../draw/wholeKeys"
import { SignInAgain } from "../parts/SignInAgain"
import { signIn } from "../queries"
import type { LabelQueue, QueueState } from "../session/queue"
import type { ToReview } from "./queries"
import { ReviewDone } from "./ReviewDone"
import { SendBackDialog } from "./SendBackDialog"
import { Side } from "./Side"
import { strings } from "./strings"
import { useDecisions } from "./useDecisions"
import { useReviewKeys } from "./useReviewKeys"
import { useVersion } from "./useVersion"

interface Props {
  projectId: string
  batchId: string | null
  task: string
  choices: readonly ProjectClass[]
  attributes: readonly Attribute[]
  queue: LabelQueue<ToReview>
  waiting: QueueState<ToReview>
  /** What somebody opened by its address, in place of what is handed out. */
  opened: ToReview | null
  email: string
  onLeave: () => void
}

/** A picture with its author's label, and all that a reviewer needs to decide about it. */
export function ReviewDesk({ projectId, batchId, task, choices, attributes, queue, waiting, opened, email, onLeave }: Props) {
  const item = opened ?? waiting.items[0]?.image ?? null
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [said, say] = useState("")
  const [isSearching, setSearching] = useState(false)
  const [isSending, setSending] = useState(false)
  const [isSigningIn, setSigningIn] = useState(false)
  const isDrawn = task !== "classification" && task !== "multi_label"
  const tools = isDrawn ? toolsOf(task) : toolsOf("multi_label")
  const smart = useSmart({ imageId: isDrawn ? (item?.image.id ?? null) : null, say })
  const version = useVersion({ host, item, task, choices, projectId, smart: smart.port })
  const { editor, isReady, error } = version
  useSmartFollowing(smart, isReady ? editor : null, tools)
  const decisions = useDecisions({ projectId, task, queue, item, isOpened: opened !== null, version, say, onSignedOut: () => setSigningIn(true), onLeave })
  const isWaiting = item !== null && item.review.state === "waiting"

  function choose(classId: string) {
    if (!editor || !isReady || !isWaiting) return
    if (task === "classification") version.say({ answer: "class", class_id: classId })
    else if (task === "multi_label") toggleWhole(editor, classId)
    else editor.board.setClass(classId)
  }
  function reset() {
    version.reset()
    say(strings.said.reset)
  }
  const ask = () => isWaiting && setSending(true)
  useReviewKeys({ task, version, choices, tools, decisions, isWaiting, choose, say, onSearch: () => setSearching(true), onSendBack: ask, onReset: reset })

  return (
    <div className={draw.page}>
      <Heading {...{ projectId, item, batchId }} left={waiting.remaining} isOpened={opened !== null} onLeave={onLeave} />
      {item === null && waiting.status === "error" ? (
        <ErrorState error={new Error(waiting.problem ?? strings.loading)} onRetry={() => void queue.fill()} />
      ) : item === null && waiting.status === "loading" ? (
        <LoadingState label={strings.loading} shape="cards" />
      ) : item === null ? (
        <ReviewDone projectId={projectId} batchId={batchId} waiting={waiting} said={said} onTakeBack={decisions.canTakeBack ? decisions.takeBack : undefined} />
      ) : (
        <div className={draw.body}>
          {editor && isDrawn && <Toolbar editor={editor} tools={tools} isOfWhole={false} />}
          <div className={draw.middle}>
            {isDrawn && <OptionsBar editor={editor} choices={choices} forms={formsOf(task)} smart={smart} />}
            {task === "multi_label" && <WholeBar editor={editor} choices={choices} />}
            <div className={draw.surface} data-testid="surface" data-review-id={isReady ? item.review.id : undefined}>
              <div ref={setHost} tabIndex={0} className={draw.host} aria-label={item.image.name} onKeyDown={(event) => letGo(event, editor)} onPointerDown={(event) => event.currentTarget.focus()} />
              {editor && <Overview editor={editor} />}
              {!isReady && <div className={draw.veil}>{error ? <ErrorState error={error} onRetry={version.retry} /> : <Text c="dimmed">{strings.loading}</Text>}</div>}
            </div>
            <Group justify="space-between" wrap="nowrap" mih={26} gap="md">
              <Text size="sm" c="dimmed" truncate>
                {item.image.name}
              </Text>
              <Text size="sm" aria-live="polite" data-testid="said" truncate>
                {said}
              </Text>
            </Group>
          </div>
          <Side {...{ item, task, choices, attributes, version, decisions, isWaiting, isSearching }} onSearch={setSearching} onChoose={choose} onSendBack={ask} onReset={reset} />
        </div>
      )}
      {isSending && item && (
        <SendBackDialog
          authors={item.review.author_names}
          isBusy={decisions.isBusy}
          onClose={() => setSending(false)}
          onSend={(reason, to) => void decisions.sendBack(reason, to).then(() => setSending(false))}
        />
      )}
      <SignInAgain
        isOpen={isSigningIn}
        kept={1}
        email={email}
        onClose={() => setSigningIn(false)}
        onSignIn={async (given) => {
          const worked = await signIn(given)
          if (worked) setSigningIn(false)
          return worked
        }}
      />
    </div>
  )
}

interface HeadingProps {
  projectId: string
  batchId: string | null
  item: ToReview | null
  left: number
  isOpened: boolean
  onLeave: () => void
}

/** What is reviewed, how much is left, and what was said of this picture before. */
function Heading({ projectId, batchId, item, left, isOpened, onLeave }: HeadingProps) {
  const found = item?.review.batch_id ?? batchId
  const name = useBatch(projectId, item ? null : batchId).data?.name ?? item?.batch_name
  return (
    <>
      <Group gap="md">
        <Title order={1}>{strings.title}</Title>
        {found && name && (
          <LinkAnchor to="/projects/$projectId/batches/$batchId" params={{ projectId, batchId: found }} fw={600} maw={260} truncate>
            {name}
          </LinkAnchor>
        )}
        <Text size="sm" c="dimmed" data-testid="left">
          {strings.left(left)}
        </Text>
        {isOpened && (
          <Button size="compact-sm" variant="default" onClick={onLeave}>
            {strings.goOn}
          </Button>
        )}
        {item && item.review.state !== "waiting" && (
          <Badge variant="light" color={item.review.state === "rejected" ? "clay" : "pine"} tt="none">
            {strings.state[item.review.state](item.review.reviewer_name ?? "")}
          </Badge>
        )}
      </Group>
      {item && item.past.length > 0 && (
        <Alert color="brass" py={8} title={strings.again} data-testid="past">
          {item.past.map(({ decided_at, reviewer_name, reason }) => (
            <Text key={decided_at} size="sm">
              {reason} <Text span size="sm" c="dimmed">{strings.past(reviewer_name, ago(decided_at))}</Text>
            </Text>
          ))}
        </Alert>
      )}
    </>
  )
}

/** Escape with nothing selected lets go of the picture, so that Tab goes on through the page. */
function letGo(event: React.KeyboardEvent<HTMLElement>, editor: Editor | null): void {
  if (event.key === "Escape" && editor?.board.selection.size === 0) event.currentTarget.blur()
}
