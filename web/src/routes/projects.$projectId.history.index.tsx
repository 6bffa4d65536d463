import { createFileRoute } from "@tanstack/react-router"

import { ProjectHistory } from "../features/history/ProjectHistory"
import { readFilters, type Filters } from "../features/history/filters"

export const Route = createFileRoute("/projects/$projectId/history/")({
  validateSearch: (search): Filters => readFilters(search),
  component: History,
})

function History() {
  const { projectId } = Route.useParams()
  const filters = Route.useSearch()
  const navigate = Route.useNavigate()
  return <ProjectHistory projectId={projectId} filters={filters} onFilters={(next) => void navigate({ search: next, replace: true })} />
}
