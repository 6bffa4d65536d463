import { createFileRoute } from "@tanstack/react-router"

import { DeploymentsPage } from "../features/deployments/DeploymentsPage"

interface Search {
  /** Opens the dialog for this model. */
  model?: string
}

export const Route = createFileRoute("/projects/$projectId/deployments/")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.model === "string" ? { model: search.model } : {}),
  component: Deployments,
})

function Deployments() {
  const { projectId } = Route.useParams()
  const { model } = Route.useSearch()
  return <DeploymentsPage key={model} projectId={projectId} model={model ?? null} />
}
