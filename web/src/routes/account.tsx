import { createFileRoute } from "@tanstack/react-router"

import { AccountPage } from "../features/accounts/AccountPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/account")({
  component: () => (
    <Frame>
      <AccountPage />
    </Frame>
  ),
})
