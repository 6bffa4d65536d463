import { Alert, Button, Group, Kbd, Select, Stack, Text, Title } from "@mantine/core"
import { useRef, useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import type { Editor } from "../../../canvas"
import { useKeyOf } from "../../../keymap"
import { ErrorState, LoadingState } from "../../../ui"
import classes from "./adjudicate.module.css"
import { OpinionList } from "./OpinionList"
import { Overlay } from "./Overlay"
import { usePictureToDecide, type Decision } from "./queries"
import { strings } from "./strings"
import { useDecideKeys } from "./useDecideKeys"
import type { Way } from "./useWay"
import { inWords } from "./words"

interface Props {
  projectId: string
  batchId: string
  imageId: string
  task: string
  choices: readonly ProjectClass[]
  way: Way
  onEdit: (imageId: string) => void
}

/** One picture with what everybody said of it, and every way to decide. */
export function Picture({ projectId, batchId, imageId, task, choices, way, onEdit }: Props) {
  const found = usePictureToDecide(projectId, batchId, imageId)
  const [editor, setEditor] = useState<Editor | null>(null)
  const [chosen, setChosen] = useState(0)
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set())
  const search = useRef<HTMLInputElement>(null)
  const isDrawn = task !== "classification"
  const opinions = found.data?.opinions ?? []
  const revision = found.data?.present.revision ?? 0

  const say = (answer: NonNullable<Decision["answer"]>, classId: string | null = null) =>
    way.decide(revision, { answer, class_id: classId }, inWords({ answer, class_id: classId }, choices))
  const take = (at: number) => {
    const opinion = opinions[at]
    if (!opinion || !found.data) return
    setChosen(at)
    way.decide(revision, { take: opinion.author_id }, inWords(opinion, choices))
  }
  const edit = (at: number) => {
    const opinion = opinions[at]
    if (opinion && isDrawn) way.begin(revision, { take: opinion.author_id }, () => onEdit(imageId))
  }
  const anew = () => isDrawn && found.data && way.begin(revision, { answer: "objects" }, () => onEdit(imageId))
  const show = (at: number) => setHidden((before) => (before.has(at) ? new Set([...before].filter((other) => other !== at)) : new Set([...before, at])))
  useDecideKeys({
    editor,
    isDrawn,
    way,
    take,
    edit: () => edit(chosen),
    anew,
    say,
    show,
    showAll: () => setHidden(hidden.size < opinions.length ? new Set(opinions.keys()) : new Set()),
    choose: (by) => opinions.length > 0 && setChosen((chosen + by + opinions.length) % opinions.length),
    takeChosen: () => take(chosen),
    search: () => search.current?.focus(),
  })
  if (found.isPending) return <LoadingState label={strings.loading} shape="cards" />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} action={<Button variant="default" onClick={way.next}>{strings.next}</Button>} />
  const { image, present } = found.data
  return (
    <div className={classes.body}>
      <div className={classes.middle}>
        <Overlay image={image} opinions={opinions} choices={choices} hidden={hidden} editor={editor} onEditor={setEditor} />
        <Group justify="space-between" wrap="nowrap" mih={26}>
          <Text size="sm" c="dimmed" truncate>
            {image.name}
          </Text>
          <Text size="sm" aria-live="polite" data-testid="said">
            {way.said}
          </Text>
        </Group>
      </div>
      <Stack className={classes.right} gap="md">
        {present.answer !== "none" && <Alert color="gray">{strings.hasAnswer(inWords(present, choices))}</Alert>}
        <div>
          <Title order={2} size="h3" mb="xs">
            {strings.said}
          </Title>
          <OpinionList {...{ opinions, choices, isDrawn, chosen, hidden }} isBusy={way.isBusy} onChoose={setChosen} onShow={show} onTake={take} onEdit={edit} />
        </div>
        <div>
          <Title order={2} size="h3" mb="xs">
            {strings.own}
          </Title>
          <OwnAnswer {...{ choices, isDrawn, search }} onSay={say} onAnew={anew} />
        </div>
        <Group gap="xs">
          <Button variant="default" size="compact-sm" disabled={way.back === null} onClick={() => way.back?.()}>
            {strings.previous}
          </Button>
          <Button variant="default" size="compact-sm" onClick={way.next}>
            {strings.next}
          </Button>
          <Button variant="default" size="compact-sm" onClick={way.undo}>
            {strings.undo}
          </Button>
        </Group>
      </Stack>
    </div>
  )
}

interface OwnProps {
  choices: readonly ProjectClass[]
  isDrawn: boolean
  search: React.Ref<HTMLInputElement>
  onSay: (answer: NonNullable<Decision["answer"]>, classId?: string) => void
  onAnew: () => void
}

/** What nobody said. */
function OwnAnswer({ choices, isDrawn, search, onSay, onAnew }: OwnProps) {
  const keyOf = useKeyOf("decide")
  const shown = (name: string | null) => name && <Kbd size="xs">{name}</Kbd>
  return (
    <Stack gap="xs">
      {isDrawn ? (
        <Button variant="default" onClick={onAnew} rightSection={shown(keyOf("anew"))}>
          {strings.anew}
        </Button>
      ) : (
        <Select ref={search} aria-label={strings.anotherClass} placeholder={strings.anotherClass} searchable value={null} data={choices.map(({ id, name }) => ({ value: id, label: name }))} onChange={(id) => id && onSay("class", id)} rightSection={shown(keyOf("search"))} />
      )}
      <Group gap="xs" grow>
        <Button variant="default" size="xs" px={8} onClick={() => onSay("not_sure")} rightSection={shown(keyOf("notSure"))}>
          {strings.notSure}
        </Button>
        <Button variant="default" size="xs" px={8} onClick={() => onSay("does_not_belong")} rightSection={shown(keyOf("doesNotBelong"))}>
          {strings.doesNotBelong}
        </Button>
      </Group>
    </Stack>
  )
}
