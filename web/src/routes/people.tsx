import { createFileRoute } from "@tanstack/react-router"

import { PeoplePage } from "../features/accounts/people/PeoplePage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/people")({
  component: () => (
    <Frame>
      <PeoplePage />
    </Frame>
  ),
})
