import { Button, Group, Modal, NumberInput, Radio, Stack, Text } from "@mantine/core"
import { useState } from "react"

import type { Detector } from "../../api/detectors"
import { doneToast } from "../../ui"
import { useSuggest } from "./queries"
import { strings } from "./strings"

/** Which pictures a detector is to look at. */
export function SuggestDialog({ projectId, detector, onClose }: { projectId: string; detector: Detector; onClose: () => void }) {
  const suggest = useSuggest(projectId)
  const [images, setImages] = useState<"unlabelled" | "next">("unlabelled")
  const [count, setCount] = useState(200)
  const start = () =>
    suggest.mutate(
      { id: detector.id, images, count },
      {
        onSuccess: () => {
          doneToast(strings.started)
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={strings.suggestTitle(detector.name)}>
      <Stack>
        <Radio.Group aria-label={strings.suggest} value={images} onChange={(value) => setImages(value === "next" ? "next" : "unlabelled")}>
          <Stack gap="xs">
            <Radio value="unlabelled" label={strings.unlabelled} />
            <Radio value="next" label={strings.next} />
          </Stack>
        </Radio.Group>
        {images === "next" && <NumberInput label={strings.count} value={count} onChange={(value) => setCount(Number(value) || 1)} min={1} max={10_000} w="10rem" />}
        <Text size="sm" c="dimmed">
          {strings.suggestText} {strings.selectHint}
        </Text>
        <Group justify="flex-end">
          <Button onClick={start} loading={suggest.isPending}>
            {strings.start}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
