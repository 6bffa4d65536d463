import type { ProjectClass } from "../../../api/shared"
import type { Editor, ToolName } from "../../../canvas"
import { useActions, type Runs } from "../../../keymap"
import { lightRuns, useDrawKeys, viewRuns } from "../draw/useDrawKeys"
import { placeOf } from "../session/keys"
import type { Decisions } from "./useDecisions"
import type { OwnVersion } from "./useVersion"

interface Options {
  task: string
  version: OwnVersion
  choices: readonly ProjectClass[]
  tools: readonly ToolName[]
  decisions: Decisions
  isWaiting: boolean
  choose: (classId: string) => void
  say: (text: string) => void
  onSearch: () => void
  onSendBack: () => void
  onReset: () => void
}

/** What the keys do where somebody reviews: decide, switch versions, and put right what is wrong. */
export function useReviewKeys({ task, version, choices, tools, decisions, isWaiting, choose, say, onSearch, onSendBack, onReset }: Options): void {
  const editor = version.isReady ? version.editor : null
  const isDrawn = task !== "classification" && task !== "multi_label"
  const once = (run: () => void) => (event: KeyboardEvent) => void (event.repeat || run())
  // Enter and Backspace belong to what is being drawn, or is selected, before they decide.
  const isMeant = ({ key, ctrlKey, metaKey }: KeyboardEvent) => ctrlKey || metaKey || !isDrawn || (isAtRest(editor) && (key === "Enter" || key === "Backspace"))
  useActions("review", {
    accept: { run: once(decisions.accept), isMeant },
    sendBack: { run: once(() => isWaiting && onSendBack()), isMeant },
    later: once(decisions.later),
    takeBack: once(decisions.takeBack),
    author: () => isDrawn && version.show("author"),
    suggested: () => isDrawn && version.show("suggested"),
    own: () => isDrawn && version.show("own"),
    reset: onReset,
  })
  const walk = { previousObjects: null, finish: () => Promise.resolve(), skip: () => Promise.resolve(), back: undefined, next: () => undefined }
  useDrawKeys({ isOn: isDrawn, editor, choices, tools, walk, say, onSearch, without: DECIDED_ELSEWHERE })
  const look: Runs<"whole"> = {
    digits: (event) => {
      const choice = choices[placeOf(event.code) ?? -1]
      if (choice && !event.repeat) choose(choice.id)
    },
    search: onSearch,
    undo: () => editor?.undo(),
    redo: () => editor?.board.redo(),
    hand: () => editor?.setTool("hand"),
    window: () => editor?.setTool(editor.toolName === "window" ? "hand" : "window"),
    ...viewRuns(editor),
    ...lightRuns(editor),
  }
  useActions("whole", isDrawn ? {} : look)
}

/** What moves on to another picture where people label. */
const DECIDED_ELSEWHERE = ["submit", "skip", "previous", "next", "fromPrevious", "save", "acceptAll", "rejectRest", "hideSuggested", "suggestNow"] as const

/** Nothing is selected, and nothing is being drawn. */
function isAtRest(editor: Editor | null): boolean {
  return editor === null || (editor.board.selection.size === 0 && !editor.isDrawing)
}
