import { createFileRoute } from "@tanstack/react-router"

import { KeysPage } from "../features/accounts/keys/KeysPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/account_/keys")({
  component: () => (
    <Frame>
      <KeysPage />
    </Frame>
  ),
})
