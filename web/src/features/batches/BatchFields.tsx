import { Anchor, MultiSelect, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core"
import { useState } from "react"

import { useMembers } from "./queries"
import { CONSENSUS, ORDERS, type Draft } from "./draft"
import { ReviewShares } from "./ReviewShares"
import { strings } from "./strings"

interface Props {
  projectId: string
  draft: Draft
  onChange: (change: Partial<Draft>) => void
}

/** The rules of a batch, as they are made and changed. */
export function BatchFields({ projectId, draft, onChange }: Props) {
  const members = useMembers(projectId).data ?? []
  const [hasMore, setMore] = useState(false)
  const number = (value: number | string, otherwise: number) => (typeof value === "number" ? value : otherwise)
  return (
    <Stack gap="sm">
      <SimpleGrid cols={2}>
        <NumberInput label={strings.field.overlap} description={strings.field.overlapHelp} inputWrapperOrder={["label", "input", "description"]} min={1} max={20} allowDecimal={false} value={draft.overlap} onChange={(value) => onChange({ overlap: number(value, 1) })} />
        <Stack gap="sm">
          <Select label={strings.field.order} allowDeselect={false} value={draft.order} onChange={(value) => onChange({ order: ORDERS.find((order) => order === value) ?? "random" })} data={ORDERS.map((value) => ({ value, label: strings.orders[value] }))} />
          <TextInput type="date" label={strings.field.deadline} value={draft.day} onChange={(event) => onChange({ day: event.currentTarget.value })} />
        </Stack>
      </SimpleGrid>
      {draft.overlap > 1 && (
        <Select label={strings.field.consensus} description={strings.consensusHelp[draft.consensus]} inputWrapperOrder={["label", "input", "description"]} allowDeselect={false} value={draft.consensus} onChange={(value) => onChange({ consensus: CONSENSUS.find((way) => way === value) ?? "unanimous" })} data={CONSENSUS.map((value) => ({ value, label: strings.consensus[value] }))} />
      )}
      <MultiSelect label={strings.field.people} description={strings.field.peopleHelp} searchable clearable value={draft.people} onChange={(people) => onChange({ people })} data={members.map(({ user_id, name }) => ({ value: user_id, label: name }))} />
      <Textarea label={strings.field.note} description={strings.field.noteHelp} autosize minRows={2} maxRows={8} maxLength={20_000} value={draft.note} onChange={(event) => onChange({ note: event.currentTarget.value })} />
      {hasMore && (
        <SimpleGrid cols={2}>
          <NumberInput label={strings.field.random} description={strings.field.randomHelp} min={0} max={100} value={draft.random ?? ""} placeholder="15" onChange={(value) => onChange({ random: typeof value === "number" ? value : null })} />
          <NumberInput label={strings.field.review} description={strings.field.reviewHelp} min={0} max={100} value={draft.review} onChange={(value) => onChange({ review: number(value, 0) })} />
          <NumberInput label={strings.field.differing} description={strings.field.differingHelp} min={0} max={100} value={draft.differing} onChange={(value) => onChange({ differing: number(value, 0) })} />
          <NumberInput label={strings.field.gold} description={strings.field.goldHelp} min={0} max={50} value={draft.gold} onChange={(value) => onChange({ gold: number(value, 0) })} />
        </SimpleGrid>
      )}
      {hasMore && <ReviewShares projectId={projectId} draft={draft} onChange={onChange} />}
      <Anchor component="button" type="button" size="sm" aria-expanded={hasMore} onClick={() => setMore(!hasMore)} style={{ alignSelf: "flex-start" }}>
        {hasMore ? strings.field.fewer : strings.field.moreOptions}
      </Anchor>
    </Stack>
  )
}
