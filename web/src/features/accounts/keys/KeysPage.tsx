import { Alert, Button, Card, FileButton, Group, Select, Stack, TextInput } from "@mantine/core"
import { IconDownload, IconRestore, IconUpload } from "@tabler/icons-react"
import { useContext, useState } from "react"

import { useSession } from "../../../api/shared"
import { ALL_ACTIONS, KeymapContext, NO_CHANGES, PRESETS, SCOPES, usable, useSetKeys, type KeySettings, type Preset, type Scope } from "../../../keymap"
import { doneToast, EmptyState, errorToast, PageHeader, undoToast } from "../../../ui"
import { strings } from "../strings"
import { ScopeTable } from "./ScopeTable"

const PRESET_NAMES = Object.keys(PRESETS) as Preset[]
const LARGEST_FILE = 100_000
const { keys } = strings

/** Which key does what, for oneself: presets, own keys, back to the start, and a file to take along. */
export function KeysPage() {
  const user = useSession().data?.user
  return user ? <Keys userId={user.id} /> : null
}

function Keys({ userId }: { userId: string }) {
  const settings = useContext(KeymapContext)
  const set = useSetKeys(userId)
  const [text, setText] = useState("")
  const change = (next: KeySettings) => set.mutate(next)
  const changeWithUndo = (next: KeySettings, said: string) => {
    set.mutate(next)
    undoToast(said, () => set.mutate(settings))
  }
  const count = Object.keys(settings.changes).length
  const wanted = text.trim().toLowerCase()
  const shown = (Object.keys(SCOPES) as Scope[])
    .map((scope) => ({ scope, actions: ALL_ACTIONS.filter((action) => action.scope === scope && action.label.toLowerCase().includes(wanted)) }))
    .filter(({ actions }) => actions.length > 0)
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={keys.title} about={keys.about} />
      <Card>
        <Stack>
          <Group align="end" justify="space-between">
            <Select
              label={keys.preset}
              description={keys.presetHint}
              w={340}
              allowDeselect={false}
              value={settings.preset}
              data={PRESET_NAMES.map((value) => ({ value, label: PRESETS[value] }))}
              onChange={(value) => {
                const preset = PRESET_NAMES.find((name) => name === value)
                if (preset && preset !== settings.preset) changeWithUndo(usable({ preset, changes: settings.changes }), keys.presetChosen(PRESETS[preset]))
              }}
            />
            <Group gap="xs">
              <FileButton accept="application/json" onChange={(file) => file && void read(file, (next) => changeWithUndo(next, keys.taken))}>
                {(props) => (
                  <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
                    {keys.fromFile}
                  </Button>
                )}
              </FileButton>
              <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => save(settings)}>
                {keys.toFile}
              </Button>
              <Button variant="default" leftSection={<IconRestore size={16} aria-hidden />} disabled={count === 0 && settings.preset === NO_CHANGES.preset} onClick={() => changeWithUndo(NO_CHANGES, keys.reset)}>
                {keys.resetAll}
              </Button>
            </Group>
          </Group>
          <TextInput aria-label={keys.find} placeholder={keys.find} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          {count > 0 && <Alert variant="light">{keys.changed(count)}</Alert>}
        </Stack>
      </Card>
      {shown.map(({ scope, actions }) => (
        <ScopeTable key={scope} title={SCOPES[scope]} actions={actions} settings={settings} onChange={change} />
      ))}
      {shown.length === 0 && <EmptyState title={keys.noneFound} text={keys.noneFoundText} />}
    </Stack>
  )
}

/** The keys as a file, to be taken to another installation. */
function save(settings: KeySettings): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([JSON.stringify(settings, null, 2)], { type: "application/json" }))
  link.download = "modelyard-keys.json"
  link.click()
  URL.revokeObjectURL(link.href)
}

async function read(file: File, take: (settings: KeySettings) => void): Promise<void> {
  try {
    if (file.size > LARGEST_FILE) throw new Error(keys.noKeys)
    const value: unknown = JSON.parse(await file.text())
    if (typeof value !== "object" || value === null || !("preset" in value)) throw new Error(keys.noKeys)
    take(usable(value))
    doneToast(keys.taken)
  } catch {
    errorToast(keys.noKeys)
  }
}
