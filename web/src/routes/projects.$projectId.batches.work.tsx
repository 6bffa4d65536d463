import { createFileRoute } from "@tanstack/react-router"

import { WorkPage } from "../features/work/WorkPage"

export const Route = createFileRoute("/projects/$projectId/batches/work")({
  validateSearch: (search: Record<string, unknown>): { batch?: string } => (typeof search.batch === "string" ? { batch: search.batch } : {}),
  component: Page,
})

function Page() {
  const { projectId } = Route.useParams()
  const { batch } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <WorkPage projectId={projectId} batchId={batch ?? null} onBatch={(batchId) => void navigate({ search: batchId ? { batch: batchId } : {}, replace: true })} />
}
