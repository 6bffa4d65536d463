import { useQuery } from "@tanstack/react-query"
import { useMemo, type ReactNode } from "react"

import { useSession } from "../api/shared"
import { KeymapContext } from "./context"
import { usable, NO_CHANGES } from "./keymap"
import { keysQuery } from "./queries"

/** Lets everything below know which keys the person who is signed in has chosen. */
export function KeymapProvider({ children }: { children: ReactNode }) {
  const userId = useSession().data?.user?.id
  const kept = useQuery({ ...keysQuery(userId ?? ""), enabled: userId !== undefined }).data
  const settings = useMemo(() => (kept ? usable(kept) : NO_CHANGES), [kept])
  return <KeymapContext value={settings}>{children}</KeymapContext>
}
