import { Button, Group, Paper, Text, Textarea, UnstyledButton } from "@mantine/core"
import { useRef, useState, type KeyboardEvent } from "react"

import type { ProjectMember } from "../api/talk"
import { mentionsIn, offered, typedName, type Named } from "./mentions"
import { strings } from "./strings"
import classes from "./talk.module.css"

const LONGEST = 4000

interface Props {
  members: readonly ProjectMember[]
  placeholder: string
  sendLabel: string
  initial?: string
  isBusy: boolean
  isFocused?: boolean
  onSend: (text: string, mentions: string[]) => void
  onCancel?: (() => void) | undefined
}

/** Where one writes; @ offers the members. Ctrl+Enter sends, Escape cancels. */
export function CommentBox({ members, placeholder, sendLabel, initial = "", isBusy, isFocused = false, onSend, onCancel }: Props) {
  const input = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(initial)
  const [caret, setCaret] = useState(initial.length)
  const [at, setAt] = useState(0)
  const [isOff, setOff] = useState(false)
  const people = members.filter((member) => !member.is_disabled)
  const typed = isOff ? null : typedName(text, caret)
  const choices = typed ? offered(people, typed.part) : []
  const excess = text.trim().length - LONGEST

  function take({ name }: Named) {
    if (!typed) return
    const next = `${text.slice(0, typed.start)}@${name} ${text.slice(caret)}`
    const place = typed.start + name.length + 2
    setText(next)
    setCaret(place)
    setAt(0)
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(place, place)
    })
  }

  function send() {
    const plain = text.trim()
    if (!plain || excess > 0 || isBusy) return
    onSend(plain, mentionsIn(plain, people))
    if (!onCancel) setText("")
  }

  function press(event: KeyboardEvent) {
    const chosen = choices[Math.min(at, choices.length - 1)]
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send()
    else if (event.key === "Escape" && choices.length > 0) setOff(true)
    else if (event.key === "Escape") onCancel?.()
    else if (chosen && (event.key === "Enter" || event.key === "Tab")) take(chosen)
    else if (chosen && event.key === "ArrowDown") setAt(Math.min(at + 1, choices.length - 1))
    else if (chosen && event.key === "ArrowUp") setAt(Math.max(at - 1, 0))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className={classes.box}>
      <Textarea
        ref={input}
        aria-label={strings.comment}
        placeholder={placeholder}
        value={text}
        autosize
        minRows={2}
        maxRows={8}
        data-autofocus={isFocused || undefined}
        autoFocus={isFocused}
        error={excess > 0 ? strings.tooLong(excess) : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setCaret(event.currentTarget.selectionStart)
          setOff(false)
          setAt(0)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={press}
      />
      {choices.length > 0 && (
        <Paper withBorder shadow="sm" className={classes.offers} role="listbox" aria-label={strings.members}>
          {choices.map((person, index) => (
            <UnstyledButton key={person.user_id} className={classes.offer} role="option" aria-selected={index === at} data-at={index === at || undefined} tabIndex={-1} onMouseDown={(event) => event.preventDefault()} onClick={() => take(person)}>
              <Text size="sm">{person.name}</Text>
            </UnstyledButton>
          ))}
        </Paper>
      )}
      <Group gap="xs" justify="flex-end" mt={6}>
        {onCancel && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onCancel}>
            {strings.cancel}
          </Button>
        )}
        <Button size="compact-sm" onClick={send} disabled={!text.trim() || excess > 0} loading={isBusy}>
          {sendLabel}
        </Button>
      </Group>
    </div>
  )
}
