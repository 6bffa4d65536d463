import { createFileRoute } from "@tanstack/react-router"

import { SecurityPage } from "../features/accounts/security/SecurityPage"
import { Frame } from "../shell/Frame"

export const Route = createFileRoute("/account_/security")({
  validateSearch: (search): { problem?: string } => (typeof search.problem === "string" ? { problem: search.problem } : {}),
  component: Security,
})

function Security() {
  const { problem } = Route.useSearch()
  return (
    <Frame>
      <SecurityPage problem={problem} />
    </Frame>
  )
}
