import { createFileRoute } from "@tanstack/react-router"

import { SignInPage } from "../features/accounts/SignInPage"
import { Outside } from "../shell/Frame"

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search): { next?: string } => (typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {}),
  component: SignIn,
})

function SignIn() {
  const { next } = Route.useSearch()
  return (
    <Outside>
      <SignInPage next={next ?? "/"} />
    </Outside>
  )
}
