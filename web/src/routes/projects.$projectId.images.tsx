import { createFileRoute } from "@tanstack/react-router"
import { useCallback } from "react"

import { useProject } from "../api/shared"
import { SuggestForChosen } from "../features/detectors/SuggestForChosen"
import { MarkChosen } from "../features/gold/MarkChosen"
import { parseSearch, type ImagesSearch } from "../features/images/filter/filters"
import { ImagesPage } from "../features/images/ImagesPage"

export const Route = createFileRoute("/projects/$projectId/images")({ validateSearch: parseSearch, component: Images })

function Images() {
  const { projectId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const onSearch = useCallback((change: Partial<ImagesSearch>) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }), [navigate])
  const task = useProject(projectId).data?.task
  const isSuggested = task !== undefined && task !== "classification" && task !== "semantic"
  const more = (ids: readonly string[]) => (
    <>
      {isSuggested && <SuggestForChosen projectId={projectId} imageIds={ids} />}
      <MarkChosen projectId={projectId} imageIds={ids} />
    </>
  )
  return <ImagesPage key={projectId} projectId={projectId} search={search} onSearch={onSearch} more={more} />
}
