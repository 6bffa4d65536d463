import { createFileRoute } from "@tanstack/react-router"
import { useCallback } from "react"

import { useProject } from "../api/shared"
import { SuggestForChosen } from "../features/detectors/SuggestForChosen"
import { parseSearch, type ImagesSearch } from "../features/images/filter/filters"
import { ImagesPage } from "../features/images/ImagesPage"

export const Route = createFileRoute("/projects/$projectId/images")({ validateSearch: parseSearch, component: Images })

function Images() {
  const { projectId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const onSearch = useCallback((change: Partial<ImagesSearch>) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }), [navigate])
  const task = useProject(projectId).data?.task
  const more = task === undefined || task === "classification" || task === "semantic" ? undefined : (ids: readonly string[]) => <SuggestForChosen projectId={projectId} imageIds={ids} />
  return <ImagesPage key={projectId} projectId={projectId} search={search} onSearch={onSearch} more={more} />
}
