import { useShortcuts } from "../../../../ui"
import { strings } from "../strings"
import type { Proposals } from "./useProposals"

const { keys, title } = strings.suggestions

/** Keys for what models suggest, beside Tab, Enter and Backspace of the drawing page. */
export function useProposalKeys({ look, setLook, suggestNow, acceptAll, rejectRest }: Proposals): void {
  useShortcuts(title, [
    { keys: "Shift+Enter", label: keys.acceptAll, run: acceptAll },
    { keys: "Shift+Backspace", label: keys.rejectRest, run: rejectRest },
    { keys: "M", label: keys.hide, run: () => setLook({ isShown: !look.isShown }) },
    { keys: "Shift+M", label: keys.now, run: () => suggestNow() },
  ])
}
