import { createFileRoute } from "@tanstack/react-router"

import { NetworksPage } from "../features/assist/NetworksPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/smart-tool")({
  component: () => (
    <Frame>
      <NetworksPage />
    </Frame>
  ),
})
