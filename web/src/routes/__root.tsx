import type { QueryClient } from "@tanstack/react-query"
import { createRootRouteWithContext, Outlet, redirect } from "@tanstack/react-router"

import { sessionQuery } from "../api/shared"
import { NotFound } from "../shell/NotFound"
import { ErrorState } from "../ui"

const OPEN = /^\/(sign-in|setup|invitation)$/

/** Whoever is not signed in may see the door and nothing else. */
export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  beforeLoad: async ({ context, location }) => {
    if (OPEN.test(location.pathname)) return
    const session = await context.queryClient.ensureQueryData(sessionQuery)
    if (session.user) return
    throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } })
  },
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
})
