import { Button, Card, Group, Image, List, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { Barred, CardTitle, LinkAnchor } from "../../ui"
import { thumbnailUrl } from "../../api/images"
import type { OpenCell } from "./CellDrawer"
import { useQueueImages, useSendToQueue, type Evaluation } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  evaluation: Evaluation
  nameOf: (classId: string) => string
  onOpen: (cell: OpenCell) => void
}

/** What would make the model better, each with the button that does it. */
export function NextCard({ projectId, evaluation, nameOf, onOpen }: Props) {
  const { words } = evaluation.report
  const send = useSendToQueue(projectId, evaluation.id)
  const queue = useQueueImages(projectId)
  const mayNot = useWhyNot(projectId, "review")
  const [sent, setSent] = useState<number | null>(null)
  const suspects = words.suspect_labels
  return (
    <Card withBorder data-testid="next">
      <Stack>
        <CardTitle gap={false}>{strings.whatNext}</CardTitle>
        {words.weak_classes.length > 0 && (
          <List spacing={6} size="sm">
            {words.weak_classes.map((weak) => (
              <List.Item key={weak.class_id}>
                {weak.text}{" "}
                <LinkAnchor size="sm" to="/projects/$projectId/label" params={{ projectId }} search={{ view: "grid", class: weak.class_id }}>
                  {strings.showUnlabelled}
                </LinkAnchor>
              </List.Item>
            ))}
          </List>
        )}
        {words.confused.length > 0 && (
          <div>
            <Text size="sm" fw={600} mb={6}>
              {strings.mostConfused}
            </Text>
            <Stack gap="xs">
              {words.confused.slice(0, 4).map((pair) => (
                <Group key={`${pair.truth}-${pair.predicted}`} gap="xs" wrap="nowrap">
                  {pair.image_ids.slice(0, 3).map((id) => (
                    <Image key={id} src={thumbnailUrl(id)} alt="" w={44} h={44} radius="sm" fit="cover" />
                  ))}
                  <Text size="sm" flex={1}>
                    {strings.taken(pair.n, nameOf(pair.truth), nameOf(pair.predicted))}
                  </Text>
                  <Button size="compact-sm" variant="subtle" onClick={() => onOpen({ truth: pair.truth, predicted: pair.predicted })}>
                    {strings.look}
                  </Button>
                </Group>
              ))}
            </Stack>
          </div>
        )}
        {suspects.length > 0 && (
          <Group wrap="nowrap" align="center" justify="space-between">
            <div>
              <Text size="sm" fw={600}>
                {strings.suspects}
              </Text>
              <Text size="sm" c="dimmed">
                {strings.suspectsText(suspects.length)}
              </Text>
              <Group gap={4} mt={6}>
                {suspects.slice(0, 10).map((id) => (
                  <Image key={id} src={thumbnailUrl(id)} alt="" w={44} h={44} radius="sm" fit="cover" />
                ))}
              </Group>
            </div>
            <Barred why={mayNot}>
              <Button
                size="compact-sm"
                variant="light"
                loading={queue.isPending}
                onClick={() => queue.mutate({ image_ids: suspects, reason: strings.suspectReason }, { onSuccess: (answer) => setSent(answer.queued) })}
              >
                {strings.checkThem}
              </Button>
            </Barred>
          </Group>
        )}
        <Group>
          <Barred why={mayNot}>
            <Button variant="light" loading={send.isPending && send.variables === "wrong"} onClick={() => send.mutate("wrong", { onSuccess: (answer) => setSent(answer.queued) })}>
              {strings.sendWrong}
            </Button>
            <Button variant="light" loading={send.isPending && send.variables === "undecided"} onClick={() => send.mutate("undecided", { onSuccess: (answer) => setSent(answer.queued) })}>
              {strings.sendUndecided}
            </Button>
          </Barred>
          {sent !== null && (
            <Text size="sm" role="status">
              {strings.sent(sent)}.{" "}
              {sent > 0 && (
                <LinkAnchor size="sm" to="/projects/$projectId/label" params={{ projectId }}>
                  {strings.goLabel}
                </LinkAnchor>
              )}
            </Text>
          )}
        </Group>
      </Stack>
    </Card>
  )
}
