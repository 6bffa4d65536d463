import "@mantine/core/styles.css"
import "@mantine/notifications/styles.css"
import "./ui/base.css"

import { MantineProvider, localStorageColorSchemeManager } from "@mantine/core"
import { Notifications } from "@mantine/notifications"
import { QueryClientProvider } from "@tanstack/react-query"
import { createRouter, RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"

import { createQueryClient } from "./api/queryClient"
import { globalKeys } from "./api/keys"
import { KeymapProvider } from "./keymap"
import { routeTree } from "./routeTree.gen"
import { cssVariables, errorToast, ShortcutProvider, theme } from "./ui"

// The label page asks for the password in place, so that nothing typed there is lost.
const STAYS = /\/label$/

const queryClient = createQueryClient({
  show: errorToast,
  signedOut: () => {
    queryClient.setQueryData(globalKeys.session, undefined)
    if (!STAYS.test(location.pathname) && !location.pathname.startsWith("/sign-in")) {
      void router.navigate({ to: "/sign-in", search: { next: location.pathname + location.search } })
    }
  },
})

const router = createRouter({ routeTree, context: { queryClient }, defaultPreload: "intent", scrollRestoration: false })

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}

const colorSchemeManager = localStorageColorSchemeManager({ key: "modelyard.colours" })
const root = document.getElementById("root")
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
        <Notifications position="bottom-right" limit={4} />
        <QueryClientProvider client={queryClient}>
          <ShortcutProvider>
            <KeymapProvider>
              <RouterProvider router={router} />
            </KeymapProvider>
          </ShortcutProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
