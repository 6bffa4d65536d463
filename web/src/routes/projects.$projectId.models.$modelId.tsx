import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { ReportPage } from "../features/evaluations/ReportPage"

interface Search {
  against?: string
}

export const Route = createFileRoute("/projects/$projectId/models/$modelId")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.against === "string" ? { against: search.against } : {}),
  component: Report,
})

function Report() {
  const { projectId, modelId } = Route.useParams()
  const { against } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  return (
    <ReportPage
      key={modelId}
      projectId={projectId}
      modelId={modelId}
      other={against ?? null}
      onOther={(id) => void navigate({ search: id ? { against: id } : {}, replace: true })}
    />
  )
}
