import { createFileRoute } from "@tanstack/react-router"

import { RunsPage } from "../features/training/RunsPage"

interface Search {
  /** Opens the dialog: a version's id, or `latest`. */
  start?: string
}

export const Route = createFileRoute("/projects/$projectId/runs/")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.start === "string" ? { start: search.start } : {}),
  component: Runs,
})

function Runs() {
  const { projectId } = Route.useParams()
  const { start } = Route.useSearch()
  return <RunsPage key={start} projectId={projectId} version={start ?? null} />
}
