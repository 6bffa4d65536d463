import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { BatchPage } from "../features/batches/BatchPage"

export const Route = createFileRoute("/projects/$projectId/batches/$batchId")({ component: One })

function One() {
  const { projectId, batchId } = Route.useParams()
  const navigate = useNavigate()
  return <BatchPage projectId={projectId} batchId={batchId} onDeleted={() => void navigate({ to: "/projects/$projectId/batches", params: { projectId } })} />
}
