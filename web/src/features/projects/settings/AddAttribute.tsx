import { Button, Group, Select, TagsInput, TextInput } from "@mantine/core"
import { useState, type FormEvent } from "react"

import type { Attribute, ProjectClass } from "../../../api/shared"
import { useAddAttribute } from "../queries"
import { strings } from "./strings"

const { attributes: words } = strings
const KINDS: readonly Attribute["kind"][] = ["choice", "flag", "number", "text"]
const PICTURE = "picture"
const ANY = "any"

/** A name, a kind, and whom it is asked of. */
export function AddAttribute({ projectId, classes }: { projectId: string; classes: readonly ProjectClass[] }) {
  const add = useAddAttribute(projectId)
  const [name, setName] = useState("")
  const [kind, setKind] = useState<Attribute["kind"]>("choice")
  const [of, setOf] = useState(ANY)
  const [choices, setChoices] = useState<string[]>([])
  const [typed, setTyped] = useState("")
  const all = [...new Set([...choices, typed.trim()].filter(Boolean))]
  const isReady = name.trim() !== "" && (kind !== "choice" || all.length > 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const body = { name, kind, choices: kind === "choice" ? all : [], subject: of === PICTURE ? ("image" as const) : ("object" as const), class_id: of === ANY || of === PICTURE ? null : of }
    add.mutate(body, {
      onSuccess: () => {
        setName("")
        setChoices([])
        setTyped("")
      },
    })
  }
  return (
    <form onSubmit={submit} data-testid="add-attribute">
      <Group align="flex-end" gap="xs">
        <TextInput label={words.name} placeholder={words.namePlaceholder} value={name} maxLength={100} onChange={(event) => setName(event.currentTarget.value)} w={180} />
        <Select label={words.kind} value={kind} allowDeselect={false} onChange={(value) => setKind(KINDS.find((entry) => entry === value) ?? "choice")} data={KINDS.map((value) => ({ value, label: words.kinds[value] }))} w={150} />
        <Select label={words.of} value={of} allowDeselect={false} searchable onChange={(value) => setOf(value ?? ANY)} data={[{ value: ANY, label: words.anyObject }, { value: PICTURE, label: words.wholePicture }, ...classes.map((entry) => ({ value: entry.id, label: words.onlyClass(entry.name) }))]} w={210} />
        {kind === "choice" && <TagsInput label={words.choices} placeholder={all.length === 0 ? words.choicesPlaceholder : ""} value={choices} onChange={setChoices} searchValue={typed} onSearchChange={setTyped} splitChars={[",", ";", "\n", "\t"]} acceptValueOnBlur={false} flex={1} miw={220} />}
        <Button type="submit" disabled={!isReady} loading={add.isPending}>
          {strings.addButton}
        </Button>
      </Group>
    </form>
  )
}
