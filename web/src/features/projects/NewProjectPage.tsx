import { Button, Card, Group, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"
import { useState, type FormEvent } from "react"

import { PageHeader } from "../../ui"
import { splitNames } from "./classNames"
import { useCreateProject } from "./queries"
import { strings } from "./strings"
import { TaskCards, type Task } from "./TaskCards"

export function NewProjectPage() {
  const navigate = useNavigate()
  const create = useCreateProject()
  const [classes, setClasses] = useState<string[]>([])
  const [typed, setTyped] = useState("")
  const [task, setTask] = useState<Task>("classification")
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    const body = { name: String(values.get("name")), task, description: String(values.get("description")), classes: splitNames([...classes, typed].join("\n")) }
    create.mutate(body, { onSuccess: (project) => void navigate({ to: "/projects/$projectId", params: { projectId: project.id } }) })
  }
  return (
    <Stack gap="lg" maw="42rem">
      <PageHeader title={strings.newTitle} about={strings.newAbout} />
      <Card component="form" onSubmit={submit} padding="lg">
        <Stack>
          <TextInput name="name" label={strings.name} description={strings.nameHint} placeholder={strings.namePlaceholder} required maxLength={100} autoFocus />
          <TaskCards value={task} onChange={setTask} />
          <TagsInput
            label={strings.classNames}
            description={strings.classNamesHint}
            placeholder={classes.length === 0 ? strings.classNamesPlaceholder : ""}
            value={classes}
            onChange={(names) => setClasses(splitNames(names.join("\n")))}
            searchValue={typed}
            onSearchChange={setTyped}
            splitChars={[",", ";", "\n", "\t"]}
            acceptValueOnBlur={false} // New tags would push the button away under the click that leaves the field.
            clearable
          />
          <Textarea name="description" label={strings.description} description={strings.descriptionHint} autosize minRows={2} maxLength={2000} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {task === "classification" ? "" : strings.drawnOnly}
            </Text>
            <Button type="submit" loading={create.isPending}>
              {strings.make}
            </Button>
          </Group>
        </Stack>
      </Card>
    </Stack>
  )
}
