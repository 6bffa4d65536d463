import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { LabelPage, type LabelView } from "../features/annotations/LabelPage"

interface Search {
  view?: "grid"
  order?: "helpful" | "random" | "upload"
  class?: string
}

export const Route = createFileRoute("/projects/$projectId/label")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(search.view === "grid" ? { view: "grid" } : {}),
    ...(search.order === "helpful" || search.order === "random" || search.order === "upload" ? { order: search.order } : {}),
    ...(typeof search.class === "string" ? { class: search.class } : {}),
  }),
  component: Label,
})

function Label() {
  const { projectId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  const now: LabelView = { view: search.view ?? "one", order: search.order ?? null, classId: search.class ?? null }
  function show(change: Partial<LabelView>) {
    const next = { ...now, ...change }
    void navigate({
      replace: true,
      search: {
        ...(next.view === "grid" ? { view: "grid" as const } : {}),
        ...(next.order ? { order: next.order } : {}),
        ...(next.classId ? { class: next.classId } : {}),
      },
    })
  }
  return <LabelPage key={projectId} projectId={projectId} {...now} onView={show} />
}
