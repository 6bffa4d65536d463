import { Button, Group, Text } from "@mantine/core"
import { notifications } from "@mantine/notifications"

import { strings } from "./strings"

const UNDO_MS = 10_000
let serial = 0

/** Tells that something went wrong; the same sentence is shown only once at a time. */
export function errorToast(message: string): void {
  notifications.show({ id: `error:${message}`, message, color: "clay", autoClose: 8000, withBorder: true })
}

export function doneToast(message: string): void {
  notifications.show({ message, autoClose: 4000, withBorder: true })
}

/** Tells what was done and offers to take it back. Nothing asks "are you sure?". */
export function undoToast(message: string, onUndo: () => void): string {
  serial += 1
  const id = `undo:${serial}`
  const undo = () => {
    notifications.hide(id)
    onUndo()
  }
  return notifications.show({
    id,
    autoClose: UNDO_MS,
    withBorder: true,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        <Button size="compact-sm" variant="light" onClick={undo}>
          {strings.undo}
        </Button>
      </Group>
    ),
  })
}
