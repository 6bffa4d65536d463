import { Button, Group, Kbd, Stack, Text } from "@mantine/core"

import type { Attribute, ProjectClass } from "../../../api/shared"
import { useKeyOf } from "../../../keymap"
import draw from "../draw/draw.module.css"
import { ObjectList } from "../draw/ObjectList"
import { ValuesPanel } from "../draw/ValuesPanel"
import { chosenOf } from "../draw/WholeBar"
import { ClassColumn } from "../parts/ClassColumn"
import { differs } from "./correction"
import type { ToReview } from "./queries"
import { strings } from "./strings"
import type { Decisions } from "./useDecisions"
import type { OwnVersion } from "./useVersion"
import { VersionList } from "./VersionList"

interface Props {
  item: ToReview
  task: string
  choices: readonly ProjectClass[]
  attributes: readonly Attribute[]
  version: OwnVersion
  decisions: Decisions
  isWaiting: boolean
  isSearching: boolean
  onSearch: (isSearching: boolean) => void
  onChoose: (classId: string) => void
  onSendBack: () => void
  onReset: () => void
}

/** Beside the picture: the versions, the classes, what is drawn, and the decision. */
export function Side({ item, task, choices, attributes, version, decisions, isWaiting, isSearching, onSearch, onChoose, onSendBack, onReset }: Props) {
  const { editor, isReady, correction } = version
  const [drawKey, wholeKey] = [useKeyOf("draw"), useKeyOf("whole")]
  const isDrawn = task !== "classification" && task !== "multi_label"
  const said = correction.said ?? item.author
  const selected = editor && editor.board.selection.size === 1 ? editor.board.find([...editor.board.selection][0] ?? "") : undefined
  const chosen = task === "classification" ? said.class_id : task === "multi_label" ? editor && chosenOf(editor) : (selected?.class_id ?? editor?.board.classId ?? null)
  return (
    <div className={draw.right}>
      <div>
        <Text size="sm" fw={600} mb={4} data-testid="author">
          {strings.labelOf(item.review.author_names)}
        </Text>
        <VersionList {...{ item, task, choices, version }} />
      </div>
      <ClassColumn choices={choices} chosen={chosen} suggested={isDrawn ? null : (item.guess?.class_id ?? null)} recent={[]} searchKey={isDrawn ? drawKey("search") : wholeKey("search")} isSearching={isSearching} onSearch={onSearch} onChoose={onChoose} />
      {editor && isReady && isDrawn && <ObjectList editor={editor} choices={choices} />}
      {editor && isReady && isWaiting && <ValuesPanel editor={editor} attributes={attributes} />}
      {isWaiting ? <Decide {...{ item, version, decisions, onSendBack, onReset }} /> : <TakeBack decisions={decisions} />}
    </div>
  )
}

type DecideProps = Pick<Props, "item" | "version" | "decisions" | "onSendBack" | "onReset">

function Decide({ item, version, decisions, onSendBack, onReset }: DecideProps) {
  const keyOf = useKeyOf("review")
  const isChanged = version.isReady && differs(item.author, version.correction)
  const isOff = !version.isReady
  const say = (answer: "does_not_belong" | "not_sure") => version.say({ answer, class_id: null })
  const shown = (name: string | null) => name && <Kbd size="xs">{name}</Kbd>
  return (
    <Stack gap="xs">
      <Button onClick={decisions.accept} loading={decisions.isBusy} disabled={isOff} data-testid="accept" data-changed={isChanged || undefined} rightSection={shown(keyOf("accept"))}>
        {isChanged ? strings.acceptChanged : strings.accept}
      </Button>
      <Button variant="light" color="clay" onClick={onSendBack} disabled={isOff} data-testid="send-back" rightSection={shown(keyOf("sendBack"))}>
        {strings.sendBack}
      </Button>
      <Group gap="xs" grow preventGrowOverflow={false}>
        <Button variant="default" size="xs" px={8} disabled={isOff} onClick={() => say("not_sure")}>
          {strings.notSure}
        </Button>
        <Button variant="default" size="xs" px={8} disabled={isOff} onClick={() => say("does_not_belong")}>
          {strings.doesNotBelong}
        </Button>
      </Group>
      <Group gap="xs" grow preventGrowOverflow={false}>
        <Button variant="subtle" size="xs" px={8} onClick={decisions.later} title={titled(strings.later, keyOf("later"))}>
          {strings.later}
        </Button>
        {isChanged ? (
          <Button variant="subtle" size="xs" px={8} onClick={onReset} title={titled(strings.reset, keyOf("reset"))}>
            {strings.reset}
          </Button>
        ) : (
          <TakeBack decisions={decisions} />
        )}
      </Group>
    </Stack>
  )
}

function TakeBack({ decisions }: { decisions: Decisions }) {
  const keyOf = useKeyOf("review")
  return (
    <Button variant="subtle" size="xs" px={8} disabled={!decisions.canTakeBack} loading={decisions.isBusy} onClick={decisions.takeBack} title={titled(strings.takeBack, keyOf("takeBack"))} data-testid="take-back">
      {strings.takeBack}
    </Button>
  )
}

const titled = (text: string, key: string | null) => (key === null ? text : `${text} (${key})`)
