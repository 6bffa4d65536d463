import { Badge, ColorSwatch, Group, Kbd, ScrollArea, Stack, Text, TextInput, UnstyledButton } from "@mantine/core"
import { IconCheck } from "@tabler/icons-react"
import { useEffect, useRef, useState, type KeyboardEvent } from "react"

import { digitOf } from "../session/keys"
import { strings } from "../strings"
import classes from "./label.module.css"

export interface ClassChoice {
  id: string
  name: string
  color: string
}

interface Props {
  choices: readonly ClassChoice[]
  /** One of them, or any number. */
  chosen: string | ReadonlySet<string> | null
  suggested: string | null
  /** Most recently used first; offered when the search is still empty. */
  recent: readonly string[]
  /** As it is printed. */
  searchKey: string | null
  isSearching: boolean
  onSearch: (isSearching: boolean) => void
  onChoose: (classId: string) => void
}

/** Classes that match `text`: those that start with it first, then those with a word that does, then the rest. */
export function matching(choices: readonly ClassChoice[], text: string, recent: readonly string[]): ClassChoice[] {
  const wanted = text.trim().toLowerCase()
  if (!wanted) {
    const used = recent.flatMap((id) => choices.find((choice) => choice.id === id) ?? [])
    return [...used, ...choices.filter((choice) => !recent.includes(choice.id))]
  }
  const rank = (name: string) => (name.startsWith(wanted) ? 0 : name.split(/[\s_-]+/).some((word) => word.startsWith(wanted)) ? 1 : 2)
  return choices
    .filter((choice) => choice.name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a.name.toLowerCase()) - rank(b.name.toLowerCase()))
}

/** The classes with their digits; `/` finds any of them by name. */
export function ClassColumn({ choices, chosen, suggested, recent, searchKey, isSearching, onSearch, onChoose }: Props) {
  const [text, setText] = useState("")
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isSearching) input.current?.focus()
    else input.current?.blur()
  }, [isSearching])

  const shown = isSearching ? matching(choices, text, recent) : choices
  function type(event: KeyboardEvent) {
    const chosenNow = shown[at]
    if (event.key === "Escape") onSearch(false)
    else if (event.key === "Enter" && chosenNow) {
      onSearch(false)
      onChoose(chosenNow.id)
    } else if (event.key === "ArrowDown") setAt(Math.min(at + 1, shown.length - 1))
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Stack gap={6} className={classes.column}>
      <TextInput
        ref={input}
        size="sm"
        value={isSearching ? text : ""}
        placeholder={strings.findClass}
        aria-label={strings.findClass}
        rightSection={searchKey && <Kbd size="xs">{searchKey}</Kbd>}
        onFocus={() => {
          setText("")
          setAt(0)
          onSearch(true)
        }}
        onBlur={() => onSearch(false)}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={type}
      />
      <ScrollArea className={classes.choices} type="auto" offsetScrollbars="present">
        <Stack gap={2} role="group" aria-label={strings.classes}>
          {shown.map((choice, index) => {
            const digit = digitOf(choices.indexOf(choice))
            const isChosen = typeof chosen === "string" ? chosen === choice.id : (chosen?.has(choice.id) ?? false)
            return (
              <UnstyledButton
                key={choice.id}
                className={classes.choice}
                data-chosen={isChosen || undefined}
                aria-pressed={isChosen}
                data-suggested={choice.id === suggested || undefined}
                data-at={(isSearching && index === at) || undefined}
                tabIndex={-1}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  onSearch(false)
                  onChoose(choice.id)
                }}
              >
                <Group gap={8} wrap="nowrap">
                  {digit === null ? <span className={classes.noDigit} /> : <Kbd size="xs">{digit}</Kbd>}
                  <ColorSwatch color={choice.color} size={12} withShadow={false} />
                  <Text size="sm" truncate flex={1}>
                    {choice.name}
                  </Text>
                  {isChosen && typeof chosen === "object" && <IconCheck size={16} aria-hidden />}
                  {choice.id === suggested && (
                    <Badge size="xs" variant="light">
                      {strings.suggested}
                    </Badge>
                  )}
                </Group>
              </UnstyledButton>
            )
          })}
          {shown.length === 0 && (
            <Text size="sm" c="dimmed" p="xs">
              {strings.noClassMatches(text)}
            </Text>
          )}
        </Stack>
      </ScrollArea>
    </Stack>
  )
}
