import { createFileRoute } from "@tanstack/react-router"

import { SignInSettingsPage } from "../features/accounts/settings/SignInSettingsPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/people_/sign-in")({
  component: () => (
    <Frame>
      <SignInSettingsPage />
    </Frame>
  ),
})
