import { createFileRoute } from "@tanstack/react-router"

import { SetupPage } from "../features/accounts/SetupPage"
import { Outside } from "../shell/Frame"

/** The token stands after the `#`, so that it reaches no log. */
export const Route = createFileRoute("/setup")({ component: Setup })

function Setup() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? ""
  return (
    <Outside>
      <SetupPage token={token} />
    </Outside>
  )
}
