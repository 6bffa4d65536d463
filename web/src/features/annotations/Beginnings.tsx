import { Anchor, Button, Card, Group, Stack, Text, Textarea, Title } from "@mantine/core"
import { useState } from "react"

import { useActions } from "../../keymap"
import { EmptyState, LinkButton } from "../../ui"
import { useAddClasses } from "./queries"
import { useFollowed, type Labelling } from "./session/useSession"
import { strings } from "./strings"

export function NoImages({ projectId }: { projectId: string }) {
  return (
    <EmptyState
      title={strings.noImagesTitle}
      text={strings.noImagesText}
      action={
        <LinkButton to="/projects/$projectId/images" params={{ projectId }}>
          {strings.addImages}
        </LinkButton>
      }
    />
  )
}

/** The names in a text, one a line or between commas, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\n,;]/).map((name) => name.trim()))].filter(Boolean)
}

/** No classes yet: type them right here. */
export function NoClasses({ projectId, least = 2 }: { projectId: string; least?: number }) {
  const add = useAddClasses(projectId)
  const [text, setText] = useState("")
  const names = namesIn(text)
  return (
    <Card maw={520} mx="auto" mt="xl" w="100%">
      <Stack>
        <Title order={2}>{strings.noClassesTitle}</Title>
        <Text c="dimmed">{strings.noClassesText}</Text>
        <Textarea autosize minRows={6} aria-label={strings.noClassesTitle} placeholder={strings.noClassesExample} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
        <Group justify="flex-end">
          <Button disabled={names.length < least} loading={add.isPending} onClick={() => add.mutate(names)}>
            {strings.addClasses}
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

/** The queue is empty: all is answered, or the rest is on somebody else's screen. */
export function Done({ projectId, labelling, remaining }: { projectId: string; labelling: Labelling; remaining: number }) {
  const { session, queue } = labelling
  const state = useFollowed(session)
  useActions("one", { back: () => session.back(), undo: () => void session.undo((step) => strings.said.undone(step.changes.length)) })
  const isElsewhere = remaining > 0
  return (
    <EmptyState
      title={isElsewhere ? strings.elsewhereTitle : strings.doneTitle}
      text={isElsewhere ? strings.elsewhereText : strings.doneText}
      action={
        <Stack align="center" gap="xs">
          {isElsewhere ? (
            <Button onClick={() => void queue.fill()}>{strings.tryAgain}</Button>
          ) : (
            <Group>
              <LinkButton to="/projects/$projectId/runs" params={{ projectId }} search={{ start: "latest" }}>
                {strings.train}
              </LinkButton>
              <LinkButton variant="default" to="/projects/$projectId/images" params={{ projectId }}>
                {strings.addImages}
              </LinkButton>
            </Group>
          )}
          {state.history.past.length > 0 && (
            <Anchor component="button" size="sm" onClick={() => session.back()}>
              {strings.lookBack}
            </Anchor>
          )}
        </Stack>
      }
    />
  )
}
