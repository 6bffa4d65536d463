import { Box, Group, Kbd, Modal, Stack, Table, Text, Title } from "@mantine/core"
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react"

import { isPress, isTyping, shortened, shownKeys, UP_TO } from "./keys"
import { ShortcutContext, type Shortcut, type ShortcutTable } from "./shortcutContext"
import { strings } from "./strings"

const names = (shortcut: Shortcut): readonly string[] => (typeof shortcut.keys === "string" ? [shortcut.keys] : shortcut.keys)
const isDialogOpen = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null

/** Listens once for all tables; the one that came last is asked first. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const tables = useRef<ShortcutTable[]>([])
  const [shown, setShown] = useState<ShortcutTable[] | null>(null)
  const registry = useMemo(
    () => ({
      add: (table: ShortcutTable) => {
        tables.current = [table, ...tables.current]
        return () => {
          tables.current = tables.current.filter((entry) => entry !== table)
        }
      },
      openSheet: () => setShown(tables.current),
    }),
    [],
  )
  useEffect(() => {
    const press = (event: KeyboardEvent): Shortcut | undefined => {
      if (event.defaultPrevented || event.isComposing || isTyping(event.target as HTMLElement | null)) return undefined
      if (isPress("?", event) || isPress("F1", event)) {
        event.preventDefault()
        setShown((open) => (open ? null : tables.current))
        return undefined
      }
      const inDialog = isDialogOpen()
      for (const table of tables.current) {
        const found = table.read().find((entry) => (!inDialog || entry.inDialogs) && names(entry).some((name) => isPress(name, event)) && (entry.isMeant?.(event) ?? true))
        if (found) {
          event.preventDefault()
          found.run(event)
          return found
        }
      }
      return undefined
    }
    const held = new Map<string, () => void>()
    const letGo = (codes: Iterable<string>) => {
      for (const code of codes) held.get(code)?.()
      for (const code of [...codes]) held.delete(code)
    }
    const up = (event: KeyboardEvent) => letGo([event.code])
    const leave = () => letGo([...held.keys()])
    const listen = (event: KeyboardEvent) => {
      const found = press(event)
      if (found?.release) held.set(event.code, found.release)
    }
    window.addEventListener("keydown", listen)
    window.addEventListener("keyup", up)
    window.addEventListener("blur", leave)
    return () => {
      leave()
      window.removeEventListener("keydown", listen)
      window.removeEventListener("keyup", up)
      window.removeEventListener("blur", leave)
    }
  }, [])
  return (
    <ShortcutContext value={registry}>
      {children}
      <Modal opened={shown !== null} onClose={() => setShown(null)} title={<Title order={2}>{strings.keys}</Title>} size="lg">
        <Sheet tables={shown ?? []} />
      </Modal>
    </ShortcutContext>
  )
}

/** Tables of one group are shown as one. */
function byGroup(tables: readonly ShortcutTable[]): ShortcutTable[] {
  return [...new Set(tables.map((table) => table.group))].map((group) => ({
    group,
    read: () => tables.filter((table) => table.group === group).flatMap((table) => table.read()),
  }))
}

function Sheet({ tables }: { tables: readonly ShortcutTable[] }) {
  const here: ShortcutTable = { group: strings.everywhere, read: () => [{ keys: ["?", "F1"], label: strings.showKeys, run: () => undefined }] }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {strings.keysAbout}
      </Text>
      {byGroup([...tables, here]).map((table) => (
        <Box key={table.group}>
          <Title order={3} mb={4}>
            {table.group}
          </Title>
          <Table verticalSpacing={6}>
            <Table.Tbody>
              {table.read().map((entry) => (
                <Table.Tr key={entry.label}>
                  <Table.Td>{entry.label}</Table.Td>
                  <Table.Td w="45%">
                    <Group gap="xs">
                      {shortened(names(entry)).map((name) => (
                        <Group key={name} gap={3} wrap="nowrap">
                          {name === UP_TO ? "–" : shownKeys(name).map((part) => <Kbd key={part}>{part}</Kbd>)}
                        </Group>
                      ))}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Box>
      ))}
    </Stack>
  )
}
