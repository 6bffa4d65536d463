import { ActionIcon, Autocomplete, Group, Select, TextInput, Tooltip } from "@mantine/core"
import { IconX } from "@tabler/icons-react"

import type { Attribute } from "../../../../api/shared"
import { useMembers } from "../../queries"
import { strings } from "../strings"
import type { By, Rule } from "./rules"

const said = strings.split

interface Props {
  projectId: string
  rule: Rule
  attributes: readonly Attribute[]
  names: readonly string[]
  canRemove: boolean
  onChange: (rule: Rule) => void
  onRemove: () => void
}

/** What goes to one class: by the picture's name, by whoever labelled it, or by a value. */
export function RuleRow({ projectId, rule, attributes, names, canRemove, onChange, onRemove }: Props) {
  const kinds = [
    { value: "picture", label: said.by.picture },
    { value: "author", label: said.by.author },
    ...attributes.map(({ id, name }) => ({ value: `attribute:${id}`, label: said.by.attribute(name) })),
  ]
  return (
    <Group align="flex-end" wrap="nowrap" gap="xs" data-testid="split-rule">
      <Autocomplete label={said.to} placeholder={said.toPlaceholder} data={[...names]} value={rule.to} maxLength={100} onChange={(to) => onChange({ ...rule, to })} style={{ flex: 1 }} />
      <Select label={said.where} value={rule.by} data={kinds} allowDeselect={false} onChange={(by) => onChange({ ...rule, by: (by ?? "picture") as By, value: "" })} style={{ flex: 1 }} />
      <Value projectId={projectId} rule={rule} attributes={attributes} onChange={onChange} />
      <Tooltip label={said.removeRule}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={said.removeRule} disabled={!canRemove} onClick={onRemove}>
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}

function Value({ projectId, rule, attributes, onChange }: Pick<Props, "projectId" | "rule" | "attributes" | "onChange">) {
  const members = useMembers(projectId).data ?? []
  const attribute = attributes.find(({ id }) => rule.by === `attribute:${id}`)
  const set = (value: string | null) => onChange({ ...rule, value: value ?? "" })
  const style = { flex: 1 }
  if (rule.by === "author") {
    const people = members.map(({ user_id, name }) => ({ value: user_id, label: name }))
    return <Select label={said.person} data={people} value={rule.value || null} onChange={set} searchable style={style} />
  }
  if (attribute?.kind === "choice") return <Select label={said.value} data={attribute.choices} value={rule.value || null} onChange={set} style={style} />
  if (attribute?.kind === "flag") return <Select label={said.value} data={[{ value: "true", label: said.yes }, { value: "false", label: said.no }]} value={rule.value || null} onChange={set} style={style} />
  return <TextInput label={attribute ? said.value : said.part} placeholder={attribute ? "" : said.partPlaceholder} value={rule.value} maxLength={200} onChange={(event) => set(event.currentTarget.value)} style={style} />
}
