import { useEffect, useState } from "react"

import { useWhyNot } from "../../../api/roles"
import { previewUrl } from "../../../api/images"
import { useAttributes, useClasses, useProject, useSession } from "../../../api/shared"
import { EmptyState, ErrorState, LoadingState } from "../../../ui"
import { warm } from "../draw/detail"
import { LabelQueue } from "../session/queue"
import { useFollowed } from "../session/useSession"
import { reviewSource, useReview, type ToReview } from "./queries"
import { ReviewDesk } from "./ReviewDesk"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string | null
  /** A review that somebody looks at again; null for what is handed out. */
  reviewId: string | null
  onLeave: () => void
}

const HEARTBEAT_MS = 60_000
const ASK_AGAIN_MS = 4000
/** The one on screen, and one that is ready behind it: what is lent here waits for nobody else. */
const AHEAD = 2

/** Where reviewers look at what others labelled; whoever may not is told why. */
export function ReviewPage(props: Props) {
  const project = useProject(props.projectId)
  const mayNot = useWhyNot(props.projectId, "review")
  if (project.isPending) return <LoadingState label={strings.loading} shape="cards" />
  if (project.isError) return <ErrorState error={project.error} onRetry={() => void project.refetch()} />
  if (!project.data.may.includes("review")) return <EmptyState title={strings.mayNot} text={mayNot} />
  return <Opened {...props} task={project.data.task} />
}

function Opened({ projectId, batchId, reviewId, onLeave, task }: Props & { task: string }) {
  const user = useSession().data?.user ?? null
  const [person, setPerson] = useState(user)
  if (user && user.id !== person?.id) setPerson(user)
  const choices = useClasses(projectId)
  const attributes = useAttributes(projectId).data ?? []
  const queue = useReviewQueue(projectId, batchId)
  const opened = useReview(projectId, reviewId)
  if (choices.isError) return <ErrorState error={choices.error} onRetry={() => void choices.refetch()} />
  if (opened.isError) return <ErrorState error={opened.error} onRetry={() => void opened.refetch()} />
  if (!choices.data || !queue || (reviewId !== null && !opened.data)) return <LoadingState label={strings.loading} shape="cards" />
  const looking = reviewId !== null && opened.data ? { ...opened.data, id: opened.data.review.image_id } : null
  return <Waiting {...{ projectId, batchId, task, attributes, queue, onLeave }} choices={choices.data} opened={looking} email={person?.email ?? ""} />
}

type WaitingProps = Omit<React.ComponentProps<typeof ReviewDesk>, "waiting">

function Waiting(props: WaitingProps) {
  const { queue } = props
  const waiting = useFollowed(queue)
  const isEmpty = waiting.status === "empty"
  useEffect(() => {
    if (!isEmpty) return
    const timer = setInterval(() => void queue.fill(), ASK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [queue, isEmpty])
  return <ReviewDesk {...props} waiting={waiting} />
}

function preload({ image }: ToReview): void {
  new Image().src = previewUrl(image.id)
  warm(image)
}

/** What is to be reviewed, lent for a few minutes at a time. */
function useReviewQueue(projectId: string, batchId: string | null): LabelQueue<ToReview> | null {
  const [queue, setQueue] = useState<LabelQueue<ToReview> | null>(null)
  useEffect(() => {
    const reviewOf = (imageId: string) => lent.get(imageId)
    const lent = new Map<string, string>()
    const made = new LabelQueue(reviewSource(projectId, batchId, reviewOf), "upload", preload, AHEAD)
    const remember = made.subscribe(() => {
      for (const { image } of made.snapshot().items) lent.set(image.id, image.review.id)
    })
    let isGone = false
    void made.fill()
    queueMicrotask(() => !isGone && setQueue(made))
    const timer = setInterval(() => void made.beat().catch(() => undefined), HEARTBEAT_MS)
    const leave = () => made.close()
    window.addEventListener("pagehide", leave)
    return () => {
      isGone = true
      remember()
      clearInterval(timer)
      window.removeEventListener("pagehide", leave)
      made.close()
      setQueue(null)
    }
  }, [projectId, batchId])
  return queue
}
