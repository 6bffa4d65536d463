import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core"

import { CopyField } from "../../../../ui"
import { strings } from "./strings"

/** The secret, once. A click beside it does not close it. */
export function SecretDialog({ secret, isRotated, onClose }: { secret: string; isRotated: boolean; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={strings.secretTitle} closeOnClickOutside={false}>
      <Stack>
        <Text>{strings.secretText}</Text>
        <CopyField label={strings.secret} value={secret} />
        {isRotated && <Alert variant="light">{strings.secretBoth}</Alert>}
        <Group justify="flex-end">
          <Button onClick={onClose}>{strings.done}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
