import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { useProject } from "../api/shared"
import { DrawPage } from "../features/annotations/draw/DrawPage"
import { LabelPage, type LabelView } from "../features/annotations/LabelPage"

interface Search {
  view?: "grid"
  order?: "helpful" | "random" | "upload"
  class?: string
  image?: string
  /** The batch that is labelled; without it the open queue. */
  batch?: string
}

export const Route = createFileRoute("/projects/$projectId/label")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(search.view === "grid" ? { view: "grid" } : {}),
    ...(search.order === "helpful" || search.order === "random" || search.order === "upload" ? { order: search.order } : {}),
    ...(typeof search.class === "string" ? { class: search.class } : {}),
    ...(typeof search.image === "string" ? { image: search.image } : {}),
    ...(typeof search.batch === "string" ? { batch: search.batch } : {}),
  }),
  component: Label,
})

function Label() {
  const { projectId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  const project = useProject(projectId)
  const now: LabelView = { view: search.view ?? "one", order: search.order ?? null, classId: search.class ?? null }
  function show(change: Partial<LabelView>) {
    const next = { ...now, ...change }
    void navigate({
      replace: true,
      search: {
        ...(next.view === "grid" ? { view: "grid" as const } : {}),
        ...(next.order ? { order: next.order } : {}),
        ...(next.classId ? { class: next.classId } : {}),
        ...(search.batch ? { batch: search.batch } : {}),
      },
    })
  }
  if (project.data && project.data.task !== "classification") {
    const draw = (change: { order?: LabelView["order"]; imageId?: string | null }) => {
      const order = change.order ?? search.order
      const image = change.imageId === undefined ? search.image : change.imageId
      void navigate({ search: { ...(order ? { order } : {}), ...(image ? { image } : {}), ...(search.batch ? { batch: search.batch } : {}) } })
    }
    return <DrawPage key={`${projectId} ${search.batch}`} projectId={projectId} batchId={search.batch ?? null} order={search.order ?? null} imageId={search.image ?? null} onView={draw} />
  }
  if (!project.data) return null
  return <LabelPage key={`${projectId} ${search.batch}`} projectId={projectId} batchId={search.batch ?? null} {...now} onView={show} />
}
