import { createFileRoute } from "@tanstack/react-router"

import { VersionsPage } from "../features/datasets/VersionsPage"

export const Route = createFileRoute("/projects/$projectId/versions/")({ component: Versions })

function Versions() {
  const { projectId } = Route.useParams()
  return <VersionsPage projectId={projectId} />
}
