import { Badge, Button, Group, Loader, SegmentedControl, Text, Tooltip } from "@mantine/core"

import type { Editor, Form } from "../../../../canvas"
import { Hint, Measure } from "../Measure"
import { strings } from "../strings"
import type { Readiness } from "./askSmart"
import type { Smart } from "./useSmart"

const { options, smart: said } = strings

interface Props {
  editor: Editor
  forms: readonly Form[]
  smart: Smart
}

/** How the smart tool works, what it makes, and who answers. */
export function SmartOptions({ editor, forms, smart }: Props) {
  const { board } = editor
  const { smartBy, smartForm, outlineTolerance } = board.settings
  return (
    <>
      <SegmentedControl size="xs" style={{ flex: "none" }} aria-label={options.smartBy} value={smartBy} onChange={(value) => board.set({ smartBy: value === "edge" ? "edge" : "thing" })} data={[{ value: "thing", label: options.thing }, { value: "edge", label: options.edge }]} />
      {forms.length > 1 && (
        <SegmentedControl size="xs" style={{ flex: "none" }} aria-label={options.smartForm} value={smartForm} onChange={(value) => board.set({ smartForm: forms.find((form) => form === value) ?? smartForm })} data={forms.map((form) => ({ value: form, label: options.forms[form] }))} />
      )}
      {smartForm === "polygon" && smartBy === "thing" && (
        <Measure isNarrow label={options.tolerance} shown={`${outlineTolerance} px`} value={outlineTolerance} min={0} max={10} step={0.5} onChange={(value) => board.set({ outlineTolerance: value })} />
      )}
      <Hint text={smartBy === "edge" ? options.hints.edge : options.hints.thing} />
      {smartBy === "thing" && smart.readiness && <Answering readiness={smart.readiness} onStop={() => void smart.stop()} />}
    </>
  )
}

/** Who answers now, and what is still being waited for. */
function Answering({ readiness, onStop }: { readiness: Readiness; onStop: () => void }) {
  const { state, problem, job } = readiness
  if (state === "preparing" || state === "checking")
    return (
      <Group gap="xs" wrap="nowrap" ml="auto" style={{ flex: "none" }} data-testid="smart-state" data-state={state} aria-live="polite">
        <Loader size={14} />
        <Text size="xs" title={said.meanwhile}>
          {state === "checking" ? said.checking : said.preparing(job?.eta_s ?? null)}
        </Text>
        {state === "preparing" && (
          <Button size="compact-xs" variant="default" onClick={onStop}>
            {said.cancel}
          </Button>
        )}
      </Group>
    )
  const [text, hint] = state === "ready" ? [said.ready, said.readyHint] : state === "failed" ? [said.failed, problem ?? said.failed] : [said.none, said.noneHint]
  return (
    <Tooltip label={hint} multiline maw={360}>
      <Badge variant="light" ml="auto" style={{ flex: "none" }} color={state === "ready" ? "pine" : state === "failed" ? "brass" : "gray"} tt="none" data-testid="smart-state" data-state={state}>
        {text}
      </Badge>
    </Tooltip>
  )
}
