import { createFileRoute } from "@tanstack/react-router"

import { DeploymentPage } from "../features/deployments/DeploymentPage"

export const Route = createFileRoute("/projects/$projectId/deployments/$name")({ component: Deployment })

function Deployment() {
  const { projectId, name } = Route.useParams()
  return <DeploymentPage key={name} projectId={projectId} name={name} />
}
