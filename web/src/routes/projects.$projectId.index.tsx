import { createFileRoute } from "@tanstack/react-router"

import { ActiveJobs } from "../features/jobs/ActiveJobs"
import { ProjectHome } from "../features/projects/home/ProjectHome"

export const Route = createFileRoute("/projects/$projectId/")({ component: Home })

function Home() {
  const { projectId } = Route.useParams()
  return <ProjectHome projectId={projectId} jobs={<ActiveJobs projectId={projectId} />} />
}
