import { createFileRoute } from "@tanstack/react-router"

import { RunPage } from "../features/training/RunPage"

export const Route = createFileRoute("/projects/$projectId/runs/$runId")({ component: Run })

function Run() {
  const { projectId, runId } = Route.useParams()
  return <RunPage projectId={projectId} runId={runId} />
}
