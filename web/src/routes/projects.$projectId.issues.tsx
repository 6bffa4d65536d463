import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { IssuesPage } from "../features/talk/IssuesPage"

interface Search {
  issue?: string
}

export const Route = createFileRoute("/projects/$projectId/issues")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.issue === "string" ? { issue: search.issue } : {}),
  component: Issues,
})

function Issues() {
  const { projectId } = Route.useParams()
  const { issue = null } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  return <IssuesPage projectId={projectId} issueId={issue} onShow={(next) => void navigate({ search: next ? { issue: next } : {} })} />
}
