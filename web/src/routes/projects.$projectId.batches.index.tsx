import { createFileRoute } from "@tanstack/react-router"

import { BatchesPage } from "../features/batches/BatchesPage"

export const Route = createFileRoute("/projects/$projectId/batches/")({ component: Batches })

function Batches() {
  const { projectId } = Route.useParams()
  return <BatchesPage projectId={projectId} />
}
