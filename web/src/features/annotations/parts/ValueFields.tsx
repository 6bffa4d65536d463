import { Group, NativeSelect, Text, TextInput } from "@mantine/core"
import { useRef, useState, type KeyboardEvent } from "react"

import type { Attribute } from "../../../api/shared"
import type { Values } from "../../../canvas"
import { strings } from "../strings"
import classes from "./label.module.css"

const texts = strings.values

type Value = Values[string]

export interface Question {
  attribute: Attribute
  /** What is answered now by all that can have it. */
  answers: readonly (Value | undefined)[]
  answer: (value: Value | undefined) => void
}

interface Section {
  title: string
  /** Whose values they are: what is typed for one is never meant for another. */
  of: string
  questions: readonly Question[]
}

interface Props {
  sections: readonly Section[]
  /** What is known is on its way. */
  isOff?: boolean
  onLeave: () => void
}

type Asking = Question & Pick<Props, "onLeave">

/** Questions with their answers, each of which is set at once; Escape, Enter and a choice by mouse lead back to the picture. */
export function ValueFields({ sections, isOff = false, onLeave }: Props) {
  const leave = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "Escape") return
    event.stopPropagation()
    onLeave()
  }
  const shown = sections.filter(({ questions }) => questions.length > 0)
  if (shown.length === 0) return null
  return (
    <fieldset className={classes.values} disabled={isOff} data-testid="values" onKeyDown={leave}>
      {shown.map((section) => (
        <Part key={section.title} {...section} onLeave={onLeave} />
      ))}
    </fieldset>
  )
}

function Part({ title, of, questions, onLeave }: Section & Pick<Props, "onLeave">) {
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
          {question.attribute.kind === "choice" || question.attribute.kind === "flag" ? <OneOf {...question} onLeave={onLeave} /> : <Typed key={of + JSON.stringify(question.answers)} {...question} onLeave={onLeave} />}
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
  { value: "true", label: texts.yes },
  { value: "false", label: texts.no },
]

/** A list by which the keyboard stays where it is, and after a click of the mouse goes back to drawing. */
function OneOf({ attribute, answers, answer, onLeave }: Asking) {
  const isByMouse = useRef(false)
  const now = common(answers)
  const isFlag = attribute.kind === "flag"
  const known = isFlag ? FLAGS : attribute.choices.map((value) => ({ value, label: value }))
  const value = now === undefined ? "" : String(now)
  const strange = value !== "" && value !== SEVERAL && !known.some((entry) => entry.value === value) ? [{ value, label: value }] : []
  const several = now === SEVERAL ? [{ value: SEVERAL, label: texts.several, disabled: true }] : []
  return (
    <NativeSelect
      id={`value-${attribute.id}`}
      size="xs"
      w={130}
      value={value}
      data={[...several, { value: "", label: texts.unset }, ...known, ...strange]}
      onPointerDown={() => (isByMouse.current = true)}
      onKeyDown={() => (isByMouse.current = false)}
      onChange={({ currentTarget: { value: next } }) => {
        answer(next === "" ? undefined : isFlag ? next === "true" : next)
        if (isByMouse.current) onLeave()
      }}
    />
  )
}

/** Text and numbers are kept when the field is left, or with Enter, which goes back to the picture. */
function Typed({ attribute, answers, answer, onLeave }: Asking) {
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
      error={isWrong ? texts.notNumber : undefined}
      placeholder={now === SEVERAL ? texts.several : texts.unset}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && !isWrong && onLeave()}
    />
  )
}
