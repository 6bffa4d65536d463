import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { VersionPage } from "../features/datasets/VersionPage"

interface Search {
  against?: string
}

export const Route = createFileRoute("/projects/$projectId/versions/$versionId")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.against === "string" ? { against: search.against } : {}),
  component: Version,
})

function Version() {
  const { projectId, versionId } = Route.useParams()
  const { against } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  return (
    <VersionPage
      projectId={projectId}
      versionId={versionId}
      against={against ?? null}
      onAgainst={(id) => void navigate({ search: id ? { against: id } : {}, replace: true })}
    />
  )
}
