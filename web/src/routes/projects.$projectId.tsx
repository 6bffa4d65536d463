import { createFileRoute, Outlet } from "@tanstack/react-router"

import { useLive } from "../api/live"
import { useProject } from "../api/shared"
import { Frame } from "../shell/Frame"
import { NotFound } from "../shell/NotFound"
import { isProblem } from "../api/problem"

export const Route = createFileRoute("/projects/$projectId")({ component: ProjectLayout })

function ProjectLayout() {
  const { projectId } = Route.useParams()
  const isLive = useLive(projectId)
  const project = useProject(projectId)
  const isGone = isProblem(project.error) && (project.error.status === 404 || project.error.status === 422)
  if (isGone) {
    return (
      <Frame>
        <NotFound />
      </Frame>
    )
  }
  return (
    <Frame projectId={projectId} isLive={isLive}>
      <Outlet />
    </Frame>
  )
}
