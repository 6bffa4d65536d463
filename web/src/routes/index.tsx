import { createFileRoute } from "@tanstack/react-router"

import { ProjectsPage } from "../features/projects/ProjectsPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/")({
  component: () => (
    <Frame>
      <ProjectsPage />
    </Frame>
  ),
})
