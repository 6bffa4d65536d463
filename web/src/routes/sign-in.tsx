import { createFileRoute } from "@tanstack/react-router"

import { SignInPage } from "../features/accounts/SignInPage"
import { Outside } from "../shell/Frame"

interface Search {
  next?: string
  /** What went wrong on the way to the provider and back, by its code. */
  problem?: string
}

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search): Search => ({
    ...(typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) && { next: search.next }),
    ...(typeof search.problem === "string" && { problem: search.problem }),
  }),
  component: SignIn,
})

function SignIn() {
  const { next, problem } = Route.useSearch()
  return (
    <Outside>
      <SignInPage next={next ?? "/"} problem={problem} />
    </Outside>
  )
}
