import { Button, Group, Modal, SegmentedControl, Stack, Switch, Text } from "@mantine/core"
import { useState } from "react"

import { fileSize } from "../../../ui"
import { strings } from "../strings"
import { foldersOf, type Picked } from "./collect"
import type { Options } from "./uploader"

interface Props {
  picked: readonly Picked[]
  onStart: (options: Options) => void
  onClose: () => void
}

const SHOWN = 6

/** Asked only when the files lie in folders: do the folders mean something? */
export function AskDialog({ picked, onStart, onClose }: Props) {
  const folders = foldersOf(picked)
  const [isLabels, setLabels] = useState(folders.length > 1)
  const [split, setSplit] = useState("auto")
  const bytes = picked.reduce((sum, entry) => sum + entry.file.size, 0)
  const options: Options = {
    format: "auto",
    labels_from_folders: isLabels,
    split: split === "train" || split === "test" ? split : null,
  }
  return (
    <Modal opened onClose={onClose} title={strings.askTitle}>
      <Stack>
        <Text>{strings.askText(picked.length, fileSize(bytes), folders.length)}</Text>
        <Text size="sm" c="dimmed">
          {folders.slice(0, SHOWN).join(", ")}
          {folders.length > SHOWN && " …"}
        </Text>
        <Switch label={strings.askFolders} checked={isLabels} onChange={(event) => setLabels(event.currentTarget.checked)} />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {strings.askSplit}
          </Text>
          <SegmentedControl value={split} onChange={setSplit} data={Object.entries(strings.askSplits).map(([value, label]) => ({ value, label }))} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {strings.cancel}
          </Button>
          <Button onClick={() => onStart(options)} data-autofocus>
            {strings.start}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
