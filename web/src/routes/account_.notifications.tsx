import { createFileRoute } from "@tanstack/react-router"

import { NotificationsPage } from "../features/accounts/notifications/NotificationsPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/account_/notifications")({
  component: () => (
    <Frame>
      <NotificationsPage />
    </Frame>
  ),
})
