import { createFileRoute } from "@tanstack/react-router"

import { JobsPage } from "../features/jobs/JobsPage"

export const Route = createFileRoute("/projects/$projectId/jobs")({ component: Jobs })

function Jobs() {
  const { projectId } = Route.useParams()
  return <JobsPage projectId={projectId} />
}
