import { ActionIcon, Box, Button, CloseButton, Group, Kbd, Table, Text, Title, Tooltip } from "@mantine/core"
import { IconRestore } from "@tabler/icons-react"
import { useEffect, useRef, useState } from "react"

import { clash, keysOf, nameOf, presetKeys, refusal, withKeys, type Action, type KeySettings } from "../../../keymap"
import { shortened, shownKeys, UP_TO } from "../../../ui"
import { strings } from "../strings"

const { keys: words } = strings

interface Props {
  title: string
  actions: readonly Action[]
  settings: KeySettings
  onChange: (settings: KeySettings) => void
}

/** Every action of one place with its keys. */
export function ScopeTable({ title, actions, settings, onChange }: Props) {
  return (
    <Box>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <Table verticalSpacing={6} layout="fixed">
        <Table.Tbody>
          {actions.map((action) => (
            <Row key={action.id} action={action} settings={settings} onChange={onChange} />
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  )
}

function Row({ action, settings, onChange }: { action: Action } & Pick<Props, "settings" | "onChange">) {
  const [isListening, setListening] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const keys = keysOf(settings, action)
  const isChanged = JSON.stringify(keys) !== JSON.stringify(presetKeys(settings, action))
  const give = (next: readonly string[]) => {
    setProblem(null)
    onChange(withKeys(settings, action, next))
  }
  const take = (name: string) => {
    const reason = refusal(settings, action, name)
    setProblem(reason)
    if (reason === null) {
      setListening(false)
      onChange(withKeys(settings, action, [...keys, name]))
    }
  }
  const back = presetKeys(settings, action)
  const reset = () => {
    const reason = back.map((name) => clash(settings, action, name)).find((text) => text !== null)
    if (reason) setProblem(reason)
    else give(back)
  }
  return (
    <Table.Tr data-action={action.id}>
      <Table.Td w="46%" valign="top">
        <Text size="sm">{action.label}</Text>
        {problem && (
          <Text size="sm" className="my-bad" role="alert">
            {problem}
          </Text>
        )}
      </Table.Td>
      <Table.Td valign="top">
        <Group gap={6}>
          {action.isFixed ? shortened(keys).map((name) => <Key key={name} name={name} />) : keys.map((name) => <Key key={name} name={name} onRemove={() => give(keys.filter((other) => other !== name))} />)}
          {keys.length === 0 && !isListening && (
            <Text size="sm" c="dimmed">
              {words.none}
            </Text>
          )}
          {!action.isFixed &&
            (isListening ? (
              <Capture
                onPress={take}
                onEnd={() => {
                  setListening(false)
                  setProblem(null)
                }}
              />
            ) : (
              <Button size="compact-xs" variant="subtle" onClick={() => setListening(true)} aria-label={words.addTo(action.label)}>
                {words.add}
              </Button>
            ))}
          {action.isFixed && (
            <Text size="xs" c="dimmed">
              {words.fixed}
            </Text>
          )}
        </Group>
      </Table.Td>
      <Table.Td w={48} valign="top">
        {isChanged && (
          <Tooltip label={words.resetOne}>
            <ActionIcon variant="subtle" color="gray" aria-label={words.resetNamed(action.label)} onClick={reset}>
              <IconRestore size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function Key({ name, onRemove }: { name: string; onRemove?: () => void }) {
  const parts = shownKeys(name)
  if (name === UP_TO) return <span>–</span>
  return (
    <Group gap={2} wrap="nowrap">
      {parts.map((part) => (
        <Kbd key={part}>{part}</Kbd>
      ))}
      {onRemove && <CloseButton size="xs" aria-label={words.take(parts.join("+"))} onClick={onRemove} />}
    </Group>
  )
}

/** Waits for a key; what is pressed goes here and nowhere else. A press elsewhere with the mouse ends it. */
function Capture({ onPress, onEnd }: { onPress: (name: string) => void; onEnd: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <Button
      ref={button}
      size="compact-xs"
      variant="filled"
      onBlur={onEnd}
      onClick={onEnd}
      onKeyDown={(event) => {
        event.preventDefault()
        event.stopPropagation()
        const name = nameOf(event.nativeEvent)
        if (name !== null) onPress(name)
      }}
      onKeyUp={(event) => event.preventDefault()}
    >
      {words.press}
    </Button>
  )
}
