import { createFileRoute } from "@tanstack/react-router"

import { NewProjectPage } from "../features/projects/NewProjectPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/projects/new")({
  component: () => (
    <Frame>
      <NewProjectPage />
    </Frame>
  ),
})
