/** The query client: where every error of the server is shown, once. */

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query"

import { describe, isProblem, isSignedOut } from "./problem"

declare module "@tanstack/react-query" {
  interface Register {
    /** `quiet`: the view shows the error itself. */
    queryMeta: { quiet?: boolean }
    mutationMeta: { quiet?: boolean }
  }
}

interface Reports {
  show: (message: string) => void
  signedOut: () => void
}

export function createQueryClient({ show, signedOut }: Reports): QueryClient {
  const report = (error: unknown, isQuiet: boolean) => {
    if (isSignedOut(error)) signedOut()
    else if (!isQuiet) show(describe(error))
  }
  return new QueryClient({
    queryCache: new QueryCache({
      // A first load that fails is the view's error state; only a failed refresh needs telling.
      onError: (error, query) => report(error, query.meta?.quiet === true || query.state.data === undefined),
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => report(error, mutation.meta?.quiet === true || mutation.options.onError !== undefined),
    }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => (isProblem(error) ? error.status >= 500 && count < 1 : count < 2),
      },
    },
  })
}
