import { useActions } from "../../../../keymap"
import type { Proposals } from "./useProposals"

/** What the keys do for what models suggest, beside Tab, Enter and Backspace of the drawing page. */
export function useProposalKeys({ look, setLook, suggestNow, acceptAll, rejectRest }: Proposals, isOn: boolean): void {
  useActions(
    "draw",
    isOn ? { acceptAll: () => acceptAll(), rejectRest: () => rejectRest(), hideSuggested: () => setLook({ isShown: !look.isShown }), suggestNow: () => suggestNow() } : {},
  )
}
