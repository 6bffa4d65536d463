import { createFileRoute } from "@tanstack/react-router"

import { StatesPage } from "../features/history/StatesPage"

export const Route = createFileRoute("/projects/$projectId/history/$imageId")({
  validateSearch: (search): { state?: number } => (Number.isInteger(Number(search.state)) && Number(search.state) >= 0 && search.state !== undefined ? { state: Number(search.state) } : {}),
  component: States,
})

function States() {
  const { projectId, imageId } = Route.useParams()
  const { state } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <StatesPage projectId={projectId} imageId={imageId} state={state} onState={(next) => void navigate({ search: { state: next }, replace: true })} />
}
