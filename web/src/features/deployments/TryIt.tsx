import { Badge, Button, Card, FileButton, Group, Image, Loader, Progress, Stack, Text } from "@mantine/core"
import { useEffect, useState, type DragEvent } from "react"

import { useWhyNot } from "../../api/roles"
import { describe } from "../../api/problem"
import { CardTitle, percent } from "../../ui"
import classes from "./try.module.css"
import { usePredict, type Deployment, type Prediction } from "./queries"
import { strings } from "./strings"

/** Drop a picture and see what a program would get. */
export function TryIt({ projectId, deployment }: { projectId: string; deployment: Deployment }) {
  const predict = usePredict(projectId, deployment.name)
  const [picture, setPicture] = useState<string | null>(null)
  const [isOver, setOver] = useState(false)
  const mayNot = useWhyNot(projectId, "predict")
  const isReady = deployment.state === "ready" && mayNot === null
  const { mutate } = predict

  function look(file: File | null | undefined) {
    if (!file || !isReady) return
    setPicture((old) => {
      if (old) URL.revokeObjectURL(old)
      return URL.createObjectURL(file)
    })
    mutate(file, { onError: () => undefined })
  }

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0]
      if (file && isReady) {
        setPicture(URL.createObjectURL(file))
        mutate(file, { onError: () => undefined })
      }
    }
    window.addEventListener("paste", paste)
    return () => window.removeEventListener("paste", paste)
  }, [isReady, mutate])

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    look(event.dataTransfer.files[0])
  }

  return (
    <Card
      className={classes.drop}
      data-over={isOver || undefined}
      data-testid="try"
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group justify="space-between" mb="xs">
        <CardTitle gap={false}>{strings.tryTitle}</CardTitle>
        <FileButton onChange={look} accept="image/*" disabled={!isReady}>
          {(props) => (
            <Button {...props} size="compact-sm" variant={picture ? "default" : "light"} disabled={!isReady}>
              {picture ? strings.tryAgain : strings.tryChoose}
            </Button>
          )}
        </FileButton>
      </Group>
      {!picture && (
        <div className={classes.area}>
          <Text c="dimmed">{isReady ? strings.tryText : (mayNot ?? strings.tryNotReady)}</Text>
        </div>
      )}
      {picture && (
        <Group align="flex-start" wrap="nowrap">
          <Image src={picture} alt="" w={220} mah={260} fit="contain" radius="md" />
          <Stack flex={1} gap="xs">
            {predict.isPending && (
              <Group gap="xs">
                <Loader size="xs" /> <Text size="sm">{strings.trying}</Text>
              </Group>
            )}
            {predict.isError && <Text c="clay">{describe(predict.error)}</Text>}
            {predict.data && <Bars prediction={predict.data} />}
          </Stack>
        </Group>
      )}
    </Card>
  )
}

function Bars({ prediction }: { prediction: Prediction }) {
  return (
    <div data-testid="answer">
      <Stack gap={6}>
        {prediction.predictions.map((entry, index) => (
          <div key={entry.class_id}>
            <Group justify="space-between">
              <Text size="sm" fw={index === 0 ? 700 : 400}>
                {entry.class}
              </Text>
              <Text size="sm">{percent(entry.score, 1)}</Text>
            </Group>
            <Progress value={entry.score * 100} color={index === 0 ? (prediction.undecided ? "brass" : "pine") : "gray"} aria-label={entry.class} />
          </div>
        ))}
      </Stack>
      <Group gap="xs" mt="sm">
        <Badge variant="light" color={prediction.undecided ? "brass" : "pine"}>
          {prediction.undecided ? strings.undecided : strings.decided}
        </Badge>
        <Text size="xs" c="dimmed">
          {strings.took(prediction.milliseconds)}
          {prediction.threshold !== null && ` · ${strings.threshold(percent(prediction.threshold))}`}
        </Text>
      </Group>
      {prediction.threshold === null && (
        <Text size="xs" c="dimmed" mt={4}>
          {strings.noThreshold}
        </Text>
      )}
    </div>
  )
}
