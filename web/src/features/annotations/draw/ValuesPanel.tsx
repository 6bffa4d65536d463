import { Group, NativeSelect, Text, TextInput } from "@mantine/core"
import { useRef, useState, type KeyboardEvent } from "react"

import type { Attribute } from "../../../api/shared"
import type { Editor, Values } from "../../../canvas"
import classes from "./draw.module.css"
import { focusPicture } from "./focus"
import { strings } from "./strings"

type Value = Values[string]

interface Question {
  attribute: Attribute
  /** What is answered now by all that can have it. */
  answers: readonly (Value | undefined)[]
  answer: (value: Value | undefined) => void
}

/** What is known of the selected objects, and of the picture: set at once for all, never in the way of drawing. */
export function ValuesPanel({ editor, attributes }: { editor: Editor; attributes: readonly Attribute[] }) {
  const { board } = editor
  const selected = [...board.selection].flatMap((id) => board.objects.get(id) ?? [])
  const ofObjects = attributes.flatMap((attribute): Question[] => {
    const able = selected.filter(({ class_id }) => attribute.class_id === null || attribute.class_id === class_id)
    if (attribute.subject !== "object" || able.length === 0) return []
    const ids = able.map(({ id }) => id)
    return [{ attribute, answers: able.map((object) => object.attributes[attribute.name]), answer: (value) => board.describe({ [attribute.name]: value }, ids) }]
  })
  const ofPicture = attributes.filter(({ subject }) => subject === "image").map((attribute): Question => ({ attribute, answers: [board.attributes[attribute.name]], answer: (value) => board.describePicture({ [attribute.name]: value }) }))
  if (ofObjects.length + ofPicture.length === 0) return null
  return (
    <div className={classes.values} data-testid="values" onKeyDown={leave}>
      {ofObjects.length > 0 && <Section title={strings.values.selected(selected.length)} of={[...board.selection].join()} questions={ofObjects} />}
      {ofPicture.length > 0 && <Section title={strings.values.picture} of="" questions={ofPicture} />}
    </div>
  )
}

/** Escape goes back to the picture. */
function leave(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Escape") return
  event.stopPropagation()
  focusPicture()
}

function Section({ title, of, questions }: { title: string; of: string; questions: readonly Question[] }) {
  return (
    <>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      {questions.map((question) => (
        <Group key={question.attribute.id} gap={6} wrap="nowrap">
          <Text size="sm" flex={1} miw={0} truncate title={question.attribute.name} component="label" htmlFor={`value-${question.attribute.id}`}>
            {question.attribute.name}
          </Text>
          {question.attribute.kind === "choice" || question.attribute.kind === "flag" ? <OneOf {...question} /> : <Typed key={of + JSON.stringify(question.answers)} {...question} />}
        </Group>
      ))}
    </>
  )
}

/** Stands for answers that differ; no choice can be it. */
const SEVERAL = "\u0000"

function common(answers: Question["answers"]): Value | undefined {
  return answers.every((value) => value === answers[0]) ? answers[0] : SEVERAL
}

const FLAGS = [
  { value: "true", label: strings.yes },
  { value: "false", label: strings.no },
]

/** A list by which the keyboard stays where it is, and after a click of the mouse goes back to drawing. */
function OneOf({ attribute, answers, answer }: Question) {
  const isByMouse = useRef(false)
  const now = common(answers)
  const isFlag = attribute.kind === "flag"
  const known = isFlag ? FLAGS : attribute.choices.map((value) => ({ value, label: value }))
  const value = now === undefined ? "" : String(now)
  const strange = value !== "" && value !== SEVERAL && !known.some((entry) => entry.value === value) ? [{ value, label: value }] : []
  const several = now === SEVERAL ? [{ value: SEVERAL, label: strings.values.several, disabled: true }] : []
  return (
    <NativeSelect
      id={`value-${attribute.id}`}
      size="xs"
      w={130}
      value={value}
      data={[...several, { value: "", label: strings.values.unset }, ...known, ...strange]}
      onPointerDown={() => (isByMouse.current = true)}
      onKeyDown={() => (isByMouse.current = false)}
      onChange={({ currentTarget: { value: next } }) => {
        answer(next === "" ? undefined : isFlag ? next === "true" : next)
        if (isByMouse.current) focusPicture()
      }}
    />
  )
}

/** Text and numbers are kept when the field is left, or with Enter, which goes back to the picture. */
function Typed({ attribute, answers, answer }: Question) {
  const now = common(answers)
  const before = now === undefined || now === SEVERAL ? "" : String(now)
  const [text, setText] = useState(before)
  const isNumber = attribute.kind === "number"
  const number = Number(text.replace(",", "."))
  const isWrong = isNumber && text.trim() !== "" && !Number.isFinite(number)
  const keep = () => {
    if (text === before || isWrong) return
    answer(text.trim() === "" ? undefined : isNumber ? number : text)
  }
  return (
    <TextInput
      id={`value-${attribute.id}`}
      size="xs"
      w={130}
      value={text}
      inputMode={isNumber ? "decimal" : "text"}
      maxLength={2000}
      error={isWrong ? strings.values.notNumber : undefined}
      placeholder={now === SEVERAL ? strings.values.several : strings.values.unset}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && !isWrong && focusPicture()}
    />
  )
}
