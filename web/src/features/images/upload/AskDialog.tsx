import { Button, Group, Modal, SegmentedControl, Select, Stack, Switch, Text } from "@mantine/core"
import { useState } from "react"

import { useProject } from "../../../api/shared"
import { fileSize } from "../../../ui"
import { strings } from "../strings"
import { foldersOf, type Picked } from "./collect"
import type { Options } from "./uploader"

interface Props {
  projectId: string
  picked: readonly Picked[]
  onStart: (options: Options) => void
  onClose: () => void
}

type Format = Options["format"]

const SHOWN = 6
const FORMATS = Object.entries(strings.importFormats).map(([value, label]) => ({ value, label }))
const isFormat = (value: string | null): value is Format => value !== null && value in strings.importFormats

/** Asked when files lie in folders or may hold labels: what do the folders mean, and which format are the labels in? */
export function AskDialog({ projectId, picked, onStart, onClose }: Props) {
  const folders = foldersOf(picked)
  const isWhole = useProject(projectId).data?.task === "classification"
  const [isLabels, setLabels] = useState(folders.length > 1)
  const [format, setFormat] = useState<Format>("auto")
  const [isOneBased, setOneBased] = useState(false)
  const [split, setSplit] = useState("auto")
  const bytes = picked.reduce((sum, entry) => sum + entry.file.size, 0)
  const options: Options = {
    format,
    is_one_based: format === "voc" && isOneBased,
    labels_from_folders: isWhole && isLabels,
    split: split === "train" || split === "test" ? split : null,
  }
  return (
    <Modal opened onClose={onClose} title={strings.askTitle}>
      <Stack>
        <Text>{strings.askText(picked.length, fileSize(bytes), folders.length)}</Text>
        {folders.length > 0 && (
          <Text size="sm" c="dimmed">
            {folders.slice(0, SHOWN).join(", ")}
            {folders.length > SHOWN && " …"}
          </Text>
        )}
        <Select label={strings.askFormat} data={FORMATS} value={format} allowDeselect={false} onChange={(value) => isFormat(value) && setFormat(value)} />
        {isWhole && format === "auto" && folders.length > 0 && <Switch label={strings.askFolders} checked={isLabels} onChange={(event) => setLabels(event.currentTarget.checked)} />}
        {format === "voc" && <Switch label={strings.askOneBased} checked={isOneBased} onChange={(event) => setOneBased(event.currentTarget.checked)} />}
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
