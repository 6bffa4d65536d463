import { Button, Group, Image, Modal, Paper, SimpleGrid, Stack, Text } from "@mantine/core"

import { ValueChips } from "../../../ui"
import { answerFor, imagesOf, isSame, type Answer, type WaitingItem } from "../session/types"
import { strings } from "../strings"

interface Props {
  troubles: readonly WaitingItem[]
  isOpen: boolean
  onClose: () => void
  urlOf: (imageId: string) => string
  nameOf: (answer: Answer) => string
  onDecide: (item: WaitingItem, decision: "mine" | "theirs") => void
}

/** Both versions of an answer that two people gave; the person decides which one stands. */
export function TroubleDialog({ troubles, isOpen, onClose, urlOf, nameOf, onDecide }: Props) {
  const item = troubles[0]
  if (!item?.trouble) return null
  const { trouble } = item
  const [imageId = ""] = imagesOf(item)
  const isConflict = trouble.kind === "conflict"
  const theirs = isConflict ? trouble.current[0] : undefined
  const isSingle = imagesOf(item).length === 1
  return (
    <Modal opened={isOpen} onClose={onClose} title={isConflict ? strings.conflictTitle : strings.refusedTitle} size="lg">
      <Stack>
        {isSingle && <Image src={urlOf(imageId)} alt="" h={220} fit="contain" radius="md" />}
        <Text size="sm">{isConflict ? (isSingle ? strings.conflictText : strings.bulkConflict(imagesOf(item).length)) : trouble.detail}</Text>
        {isConflict && isSingle && (
          <SimpleGrid cols={2}>
            <Version title={strings.yours} answer={answerFor(item, imageId)} other={theirs} nameOf={nameOf} />
            <Version title={strings.theirs} answer={theirs} other={answerFor(item, imageId)} nameOf={nameOf} />
          </SimpleGrid>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onDecide(item, "theirs")}>
            {isConflict ? strings.keepTheirs : strings.discard}
          </Button>
          <Button data-autofocus onClick={() => onDecide(item, "mine")}>
            {isConflict ? strings.keepMine : strings.sendAgain}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

interface VersionProps {
  title: string
  answer: Answer | undefined
  other: Answer | undefined
  nameOf: (answer: Answer) => string
}

function Version({ title, answer, other, nameOf }: VersionProps) {
  const hasValues = answer?.attributes && other?.attributes && !isSame({ ...answer, attributes: other.attributes }, answer)
  return (
    <Paper withBorder p="sm">
      <Stack gap={6}>
        <Text size="xs" c="dimmed">
          {title}
        </Text>
        <Text fw={600}>{answer ? nameOf(answer) : "?"}</Text>
        {hasValues && <ValueChips values={answer.attributes ?? {}} against={other.attributes ?? {}} none={strings.values.none} />}
      </Stack>
    </Paper>
  )
}
