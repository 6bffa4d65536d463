import { createFileRoute } from "@tanstack/react-router"
import { useCallback } from "react"

import { parseSearch, type ImagesSearch } from "../features/images/filter/filters"
import { ImagesPage } from "../features/images/ImagesPage"

export const Route = createFileRoute("/projects/$projectId/images")({ validateSearch: parseSearch, component: Images })

function Images() {
  const { projectId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const onSearch = useCallback((change: Partial<ImagesSearch>) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }), [navigate])
  return <ImagesPage key={projectId} projectId={projectId} search={search} onSearch={onSearch} />
}
