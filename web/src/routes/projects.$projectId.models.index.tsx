
import { createFileRoute } from "@tanstack/react-router"

import { LinkButton } from "../ui"
import { ModelsPage } from "../features/evaluations/ModelsPage"
import { strings } from "../features/evaluations/strings"

export const Route = createFileRoute("/projects/$projectId/models/")({ component: Models })

function Models() {
  const { projectId } = Route.useParams()
  const train = (
    <LinkButton to="/projects/$projectId/runs" params={{ projectId }} search={{ start: "latest" }}>
      {strings.train}
    </LinkButton>
  )
  return <ModelsPage projectId={projectId} train={train} />
}
