
import { createFileRoute } from "@tanstack/react-router"

import { useProject } from "../api/shared"
import { isWhole } from "../api/tasks"
import { DetectorsSection } from "../features/detectors/DetectorsSection"
import { LinkButton } from "../ui"
import { ModelsPage } from "../features/evaluations/ModelsPage"
import { strings } from "../features/evaluations/strings"

/** Tasks in which single objects are drawn, so that a detector can suggest them. */
const TAKES_OBJECTS = ["detection", "segmentation", "keypoints"]

export const Route = createFileRoute("/projects/$projectId/models/")({ component: Models })

function Models() {
  const { projectId } = Route.useParams()
  const task = useProject(projectId).data?.task
  const train = (task === undefined || isWhole(task)) && (
    <LinkButton to="/projects/$projectId/runs" params={{ projectId }} search={{ start: "latest" }}>
      {strings.train}
    </LinkButton>
  )
  const suggests = task !== undefined && TAKES_OBJECTS.includes(task)
  return <ModelsPage projectId={projectId} train={train || null} brought={suggests ? <DetectorsSection projectId={projectId} /> : null} />
}
