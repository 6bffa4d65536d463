import { useEffect, useState, useSyncExternalStore } from "react"

import { openStore, type Store } from "./database"
import { Outbox, type OutboxState } from "./outbox"
import { send } from "./send"
import type { Saved } from "./outbox"

const IDLE: OutboxState = { kept: 0, isSending: false, connection: "online", troubles: [], isDurable: true }
const NOTHING_TO_HEAR = () => () => undefined
const idle = () => IDLE

export interface OpenOutbox {
  outbox: Outbox
  store: Store
}

/** One tab sends at a time, where the browser can say so; sending twice is harmless anyway. */
async function exclusively(work: () => Promise<void>): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request("modelyard-outbox", work)
  else await work()
}

/** Opens this person's outbox; work of an earlier visit is sent at once. */
export function useOutbox(userId: string | null, onSaved: (saved: Saved[]) => void): { open: OpenOutbox | null; state: OutboxState } {
  const [open, setOpen] = useState<OpenOutbox | null>(null)
  useEffect(() => {
    if (userId === null) return
    let outbox: Outbox | null = null
    let isGone = false
    void openStore().then(({ store, isDurable }) => {
      if (isGone) return
      outbox = new Outbox({ store, send, userId, isDurable, exclusively, onSaved })
      setOpen({ outbox, store })
      void outbox.flush()
    })
    const resume = () => void outbox?.resume()
    window.addEventListener("online", resume)
    return () => {
      isGone = true
      window.removeEventListener("online", resume)
      outbox?.close()
      setOpen(null)
    }
  }, [userId, onSaved])
  const state = useSyncExternalStore(open?.outbox.subscribe ?? NOTHING_TO_HEAR, open?.outbox.snapshot ?? idle)
  return { open, state }
}
