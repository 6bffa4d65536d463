import { createFileRoute } from "@tanstack/react-router"

import { InvitationPage } from "../features/accounts/InvitationPage"
import { Outside } from "../shell/Frame"

/** The token stands after the `#`, so that it reaches no log. */
export const Route = createFileRoute("/invitation")({ component: Invitation })

function Invitation() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? ""
  return (
    <Outside>
      <InvitationPage token={token} />
    </Outside>
  )
}
