import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { GuidelinesPage } from "../features/talk/GuidelinesPage"

interface Search {
  /** A class; without it the project as a whole. */
  about?: string
}

export const Route = createFileRoute("/projects/$projectId/guidelines")({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.about === "string" ? { about: search.about } : {}),
  component: Guidelines,
})

function Guidelines() {
  const { projectId } = Route.useParams()
  const { about = null } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  return <GuidelinesPage projectId={projectId} about={about} onShow={(next) => void navigate({ search: next ? { about: next } : {} })} />
}
