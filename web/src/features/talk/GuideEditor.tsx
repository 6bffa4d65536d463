import { ActionIcon, Alert, Box, Button, Card, Group, SegmentedControl, Stack, Text, Textarea, TextInput, Title } from "@mantine/core"
import { IconPhotoPlus, IconTrash } from "@tabler/icons-react"
import { useState } from "react"

import { thumbnailUrl } from "../../api/images"
import { isProblem } from "../../api/problem"
import { useSaveGuidelines, type Example, type Guideline } from "../../api/talk"
import { GuideText } from "../../talk"
import { doneToast, errorToast } from "../../ui"
import { ExamplePicker } from "./ExamplePicker"
import { strings as all } from "./strings"
import styles from "./talkPages.module.css"

const strings = all.guides
const LONGEST = 20_000
const MOST = 24

interface Props {
  projectId: string
  classId: string | null
  name: string
  guideline: Guideline | null
  onClose: () => void
}

/** Text on the left, how it will look on the right; saved as the next version. */
export function GuideEditor({ projectId, classId, name, guideline, onClose }: Props) {
  const save = useSaveGuidelines(projectId)
  const [text, setText] = useState(guideline?.text ?? "")
  const [note, setNote] = useState("")
  const [examples, setExamples] = useState<Example[]>(guideline?.examples.filter((example) => !example.is_missing) ?? [])
  // What this text was written over; whoever saves meanwhile is not overwritten.
  const [base, setBase] = useState(guideline?.number ?? 0)
  const [isPicking, setPicking] = useState(false)
  const isBehind = (guideline?.number ?? 0) > base

  function store() {
    const said = examples.map(({ image_id, verdict, caption }) => ({ image_id, verdict, caption }))
    save.mutate(
      { class_id: classId, text, note: note.trim(), examples: said, based_on: base },
      {
        onSuccess: (saved) => {
          doneToast(strings.saved(saved.number))
          onClose()
        },
        onError: (error) => errorToast(isProblem(error) ? error.message : strings.conflict),
      },
    )
  }
  const change = (at: number, next: Partial<Example>) => setExamples(examples.map((example, index) => (index === at ? { ...example, ...next } : example)))
  return (
    <Card padding="lg" data-testid="guide-editor">
      <Title order={2} mb="sm">
        {name}
      </Title>
      {isBehind && guideline && (
        <Alert color="brass" title={strings.conflict} mb="md">
          <Text size="sm" mb="xs">
            {strings.conflictText}
          </Text>
          <Box p="sm" mb="xs">
            <GuideText version={guideline} />
          </Box>
          <Button size="compact-sm" variant="light" onClick={() => setBase(guideline.number)}>
            {strings.conflictTake}
          </Button>
        </Alert>
      )}
      <div className={styles.editing}>
        <Stack gap="sm">
          <Textarea label={strings.text} description={strings.textHint} autosize minRows={10} maxRows={24} maxLength={LONGEST} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              {strings.examples}
            </Text>
            <Button size="compact-sm" variant="light" leftSection={<IconPhotoPlus size={14} aria-hidden />} onClick={() => setPicking(true)} disabled={examples.length >= MOST} title={strings.most(MOST)}>
              {strings.add}
            </Button>
          </Group>
          {examples.map((example, index) => (
            <div key={example.image_id} className={styles.example} data-testid="example">
              <img src={thumbnailUrl(example.image_id)} alt="" />
              <Stack gap={6} flex={1}>
                <SegmentedControl
                  size="xs"
                  aria-label={strings.verdict}
                  value={example.verdict}
                  onChange={(verdict) => change(index, { verdict: verdict === "bad" ? "bad" : "good" })}
                  data={[
                    { value: "good", label: strings.good },
                    { value: "bad", label: strings.bad },
                  ]}
                />
                <TextInput size="xs" aria-label={strings.caption} placeholder={strings.caption} maxLength={200} value={example.caption} onChange={(event) => change(index, { caption: event.currentTarget.value })} />
              </Stack>
              <ActionIcon variant="subtle" color="gray" aria-label={strings.remove} onClick={() => setExamples(examples.filter((_, other) => other !== index))}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </div>
          ))}
          <TextInput label={strings.note} placeholder={strings.notePlaceholder} maxLength={200} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
          <Group>
            <Button onClick={store} loading={save.isPending} disabled={isBehind}>
              {strings.save}
            </Button>
            <Button variant="subtle" color="gray" onClick={onClose}>
              {strings.cancel}
            </Button>
          </Group>
        </Stack>
        <Box>
          <Text size="sm" fw={600} c="dimmed" mb="xs">
            {strings.preview}
          </Text>
          <GuideText version={{ text, examples }} />
        </Box>
      </div>
      {isPicking && (
        <ExamplePicker
          projectId={projectId}
          taken={examples.map((example) => example.image_id)}
          most={MOST - examples.length}
          onClose={() => setPicking(false)}
          onTake={(ids) => setExamples([...examples, ...ids.map((image_id): Example => ({ image_id, verdict: "good", caption: "", is_missing: false }))])}
        />
      )}
    </Card>
  )
}
