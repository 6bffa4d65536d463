import { ActionIcon, Button, Group, Loader, Menu, Slider, Text, Tooltip, UnstyledButton } from "@mantine/core"
import { IconCheck, IconEye, IconEyeOff, IconWand, IconX } from "@tabler/icons-react"
import { memo } from "react"

import type { ProjectClass } from "../../../../api/shared"
import type { Editor, Suggestion } from "../../../../canvas"
import { useKeyOf } from "../../../../keymap"
import { percent } from "../../../../ui"
import classes from "../draw.module.css"
import { strings } from "../strings"
import type { Proposals } from "./useProposals"

const SHOWN = 100
const { suggestions: texts } = strings

type KeyOf = ReturnType<typeof useKeyOf<"draw">>

/** A tooltip with the key that this person has for it. */
const keyed = (text: string, key: string | null) => (key === null ? text : `${text} (${key})`)

interface Props {
  editor: Editor
  proposals: Proposals
  choices: readonly ProjectClass[]
}

/** What models suggest for this picture: from which score on, how many, and yes or no to each. Nothing where there is no model. */
export function ProposalPanel({ editor, proposals, choices }: Props) {
  const { board } = editor
  const { detectors, look, setLook } = proposals
  const keyOf = useKeyOf("draw")
  const open = board.open
  if (detectors.length === 0 && open.length === 0) return null
  const shown = open.filter(({ id }) => board.proposals.has(id)).sort((a, b) => b.score - a.score)
  return (
    <div className={classes.suggestions} data-testid="suggestions" data-count={shown.length} data-open={open.length}>
      <Group justify="space-between" wrap="nowrap" gap={4} px={6}>
        <Text size="sm" fw={600}>
          {texts.title}
        </Text>
        <Group gap={2} wrap="nowrap">
          <LookButton proposals={proposals} keyOf={keyOf} />
          <Small label={keyed(look.isShown ? texts.hide : texts.show, keyOf("hideSuggested"))} onClick={() => setLook({ isShown: !look.isShown })}>
            {look.isShown ? <IconEye size={16} /> : <IconEyeOff size={16} />}
          </Small>
        </Group>
      </Group>
      <Text size="xs" c="dimmed" px={6} aria-live="polite">
        {proposals.isKeptBack ? texts.keptBack : open.length === 0 ? texts.none : look.isShown ? texts.count(shown.length, open.length) : texts.hidden(open.length)}
      </Text>
      {open.length > 0 && (
        <>
          <Group gap="xs" wrap="nowrap" px={6}>
            <Slider size="sm" flex={1} label={null} thumbLabel={texts.leastScore} value={Math.round(100 * look.leastScore)} min={0} max={100} step={1} onChange={(value) => setLook({ leastScore: value / 100 })} />
            <Text size="xs" ff="monospace" miw={62} ta="right">
              {texts.from(percent(look.leastScore))}
            </Text>
          </Group>
          <div className={classes.offers}>
            {shown.slice(0, SHOWN).map((entry) => {
              const choice = choices.find(({ id }) => id === entry.class_id)
              return <Row key={entry.id} board={board} entry={entry} name={choice?.name ?? ""} color={choice?.color ?? "#756c60"} isSelected={board.selection.has(entry.id)} acceptKey={keyOf("finish")} rejectKey={keyOf("back")} />
            })}
            {shown.length > SHOWN && (
              <Text size="xs" c="dimmed" px={6}>
                {texts.more(shown.length - SHOWN)}
              </Text>
            )}
          </div>
          <Group gap={4} grow preventGrowOverflow={false} px={4}>
            <Tooltip label={keyed(texts.keys.acceptAll, keyOf("acceptAll"))}>
              <Button size="compact-xs" variant="light" disabled={shown.length === 0} onClick={proposals.acceptAll} data-testid="accept-all">
                {texts.acceptAll(shown.length)}
              </Button>
            </Tooltip>
            <Tooltip label={keyed(texts.keys.rejectRest, keyOf("rejectRest"))}>
              <Button size="compact-xs" variant="default" onClick={proposals.rejectRest} data-testid="reject-rest">
                {texts.rejectRest}
              </Button>
            </Tooltip>
          </Group>
        </>
      )}
    </div>
  )
}

/** Has a detector look at this picture now; which one, where there are several. */
function LookButton({ proposals: { detectors, isLooking, isKeptBack, suggestNow }, keyOf }: { proposals: Proposals; keyOf: KeyOf }) {
  const label = keyed(texts.now, keyOf("suggestNow"))
  if (detectors.length === 0) return null
  const icon = isLooking ? <Loader size={14} /> : <IconWand size={16} />
  const isOff = isLooking || isKeptBack
  if (detectors.length === 1)
    return (
      <Small label={label} isDisabled={isOff} onClick={() => suggestNow()}>
        {icon}
      </Small>
    )
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} title={label} disabled={isOff}>
          {icon}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {detectors.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => suggestNow(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

interface RowProps {
  board: Editor["board"]
  entry: Suggestion
  name: string
  color: string
  isSelected: boolean
  acceptKey: string | null
  rejectKey: string | null
}

const Row = memo(function Row({ board, entry, name, color, isSelected, acceptKey, rejectKey }: RowProps) {
  return (
    <div className={classes.row} data-selected={isSelected || undefined}>
      <UnstyledButton className={classes.name} onClick={() => board.select([entry.id])}>
        <span className={classes.ring} style={{ borderColor: color }} aria-hidden />
        <Text span size="sm">
          {name}
        </Text>
      </UnstyledButton>
      <Text size="xs" c="dimmed" ff="monospace">
        {percent(entry.score)}
      </Text>
      <Small label={keyed(texts.accept, acceptKey)} onClick={() => board.accept([entry.id])}>
        <IconCheck size={14} />
      </Small>
      <Small label={keyed(texts.reject, rejectKey)} onClick={() => board.reject([entry.id])}>
        <IconX size={14} />
      </Small>
    </div>
  )
})

function Small({ label, onClick, isDisabled = false, children }: { label: string; onClick: () => void; isDisabled?: boolean; children: React.ReactNode }) {
  return (
    <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} title={label} disabled={isDisabled} onClick={onClick} onMouseDown={(event) => event.preventDefault()}>
      {children}
    </ActionIcon>
  )
}
