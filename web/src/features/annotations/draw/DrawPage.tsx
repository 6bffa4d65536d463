import { useEffect, useState, type ReactNode } from "react"

import { useAttributes, useClasses, useProject, useSession, useStatus } from "../../../api/shared"
import { ErrorState, LoadingState } from "../../../ui"
import { NoClasses, NoImages } from "../Beginnings"
import type { QueueOrder } from "../session/queue"
import { sendLeftovers } from "./connect"
import { Desk } from "./Desk"
import { openDrafts, type DraftStore } from "./drafts"
import { strings } from "./strings"
import { useQueue } from "./useQueue"

interface Props {
  projectId: string
  batchId: string | null
  order: QueueOrder | null
  imageId: string | null
  onView: (change: { order?: QueueOrder; imageId?: string | null }) => void
  /** In place of the title, where one picture alone is drawn on and nothing is taken from a queue. */
  heading?: ReactNode
}

/** Where people draw: says what is missing before there is anything to draw on. */
export function DrawPage({ projectId, batchId, order, imageId, onView, heading }: Props) {
  const user = useSession().data?.user ?? null
  const [person, setPerson] = useState(user)
  if (user && user.id !== person?.id) setPerson(user)
  const project = useProject(projectId)
  const classList = useClasses(projectId)
  const attributes = useAttributes(projectId)
  const status = useStatus(projectId)
  const chosenOrder = order ?? project.data?.settings.order ?? "helpful"
  const queue = useQueue(projectId, batchId, chosenOrder, heading !== undefined)
  const drafts = useDrafts(person?.id ?? null, projectId)
  const error = classList.error ?? status.error ?? project.error
  if (error && !classList.data) return <ErrorState error={error} onRetry={() => void classList.refetch()} />
  if (!classList.data || !status.data || !project.data || !queue || !drafts || !person) return <LoadingState label={strings.loading} shape="cards" />
  if (status.data.images === 0) return <NoImages projectId={projectId} />
  if (classList.data.length === 0) return <NoClasses projectId={projectId} least={1} />
  return <Desk {...{ projectId, batchId, queue, drafts, onView, imageId, person, heading }} task={project.data.task} order={chosenOrder} choices={classList.data} attributes={attributes.data ?? []} />
}

/** The browser's store of drafts; what an earlier visit left there is sent at once. */
function useDrafts(userId: string | null, projectId: string): DraftStore | null {
  const [drafts, setDrafts] = useState<DraftStore | null>(null)
  useEffect(() => {
    if (userId === null) return
    let isGone = false
    void openDrafts().then(async (store) => {
      await sendLeftovers(await store.leftBehind(userId, projectId), (draft) => store.drop(draft))
      if (!isGone) setDrafts(store)
    })
    return () => {
      isGone = true
    }
  }, [userId, projectId])
  return drafts
}
