import { Button, Group, Modal, Stack, Text } from "@mantine/core"

import { strings } from "./strings"

interface Props {
  title: string
  text: string
  action: string
  isBusy: boolean
  onDo: () => void
  onClose: () => void
}

/** Says what a step that cannot be taken back will do, and does it when asked. */
export function AskDialog({ title, text, action, isBusy, onDo, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack>
        <Text>{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {strings.cancel}
          </Button>
          <Button color="clay" loading={isBusy} onClick={onDo}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
