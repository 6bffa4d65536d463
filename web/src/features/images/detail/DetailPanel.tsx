import { ActionIcon, Anchor, Badge, Divider, Group, Modal, Stack, Text, Timeline, Title } from "@mantine/core"
import { IconPencil, IconX } from "@tabler/icons-react"
import { useState } from "react"

import { originalUrl, previewUrl } from "../../../api/images"
import { useProject, type ProjectClass } from "../../../api/shared"
import { isWhole } from "../../../api/tasks"
import { ago, ClassDot, ErrorState, fileSize, LinkAnchor, LinkButton, LoadingState, moment } from "../../../ui"
import styles from "../images.module.css"
import { useImage } from "../queries"
import { strings } from "../strings"
import { Drawing } from "./Drawing"
import { Similar } from "./Similar"
import { Twins } from "./Twins"

const STILL_PX = 320 * window.devicePixelRatio
const LARGE_PX = 1400

interface Props {
  projectId: string
  imageId: string
  classes: ReadonlyMap<string, ProjectClass>
  isLarge: boolean
  onLarge: (isLarge: boolean) => void
  onShow: (imageId: string) => void
  onClose: () => void
}

/** One picture beside the grid: what it is, what was answered, what it resembles. */
export function DetailPanel({ projectId, imageId, classes, isLarge, onLarge, onShow, onClose }: Props) {
  const image = useImage(projectId, imageId)
  const task = useProject(projectId).data?.task
  return (
    <aside className={styles.panel} aria-label={strings.details} data-testid="details">
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Text fw={600} truncate title={image.data?.name}>
          {image.data?.name ?? strings.details}
        </Text>
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={strings.close}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Group>
      {image.isPending && <LoadingState label={strings.loading} />}
      {image.isError && <ErrorState error={image.error} onRetry={() => void image.refetch()} />}
      {image.data && (
        <Stack gap="md">
          <Picture key={imageId} projectId={projectId} image={image.data} classes={classes} onClick={() => onLarge(true)} />
          {task !== undefined && !isWhole(task) && (
            <LinkButton size="xs" variant="default" to="/projects/$projectId/label" params={{ projectId }} search={{ image: imageId }} leftSection={<IconPencil size={14} aria-hidden />}>
              {strings.draw}
            </LinkButton>
          )}
          <AnswerPart image={image.data} classes={classes} />
          <Similar projectId={projectId} imageId={imageId} onShow={onShow} />
          <Facts image={image.data} />
          {image.data.twin_group && <Twins image={image.data} onShow={onShow} />}
          <History projectId={projectId} image={image.data} classes={classes} />
          <Anchor href={originalUrl(imageId)} size="sm" download>
            {strings.original}
          </Anchor>
        </Stack>
      )}
      <Modal opened={isLarge} onClose={() => onLarge(false)} size="auto" title={image.data?.name} withCloseButton>
        {image.data && isDrawn(image.data) ? (
          <Drawing projectId={projectId} image={image.data} classes={classes} longest={LARGE_PX} />
        ) : (
          <img className={styles.large} src={previewUrl(imageId)} alt={image.data?.name ?? ""} />
        )}
      </Modal>
    </aside>
  )
}

type Detail = NonNullable<ReturnType<typeof useImage>["data"]>

/** What is drawn into a picture is its answer; one without an answer may have to be drawn on. */
const isDrawn = ({ answer }: Detail) => answer?.answer === "objects"

interface PictureProps extends Pick<Props, "projectId" | "classes"> {
  image: Detail
  onClick: () => void
}

function Picture({ projectId, image, classes, onClick }: PictureProps) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return <Text c="dimmed">{strings.noneTitle}</Text>
  return (
    <button type="button" onClick={onClick} style={{ all: "unset", display: "block", cursor: "zoom-in" }} aria-label={strings.large}>
      {isDrawn(image) ? (
        <Drawing projectId={projectId} image={image} classes={classes} longest={STILL_PX} />
      ) : (
        <img className={styles.preview} src={previewUrl(image.id)} alt={image.name} onError={() => setBroken(true)} />
      )}
    </button>
  )
}

function AnswerPart({ image, classes }: { image: Detail; classes: ReadonlyMap<string, ProjectClass> }) {
  const found = image.answer?.class_id ? classes.get(image.answer.class_id) : undefined
  const several = image.classes.flatMap((id) => classes.get(id) ?? [])
  const guess = image.suggestion ? classes.get(image.suggestion.class_id) : undefined
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {strings.label}
        </Text>
        {image.answer ? (
          <Group gap={6}>
            {found && <ClassDot color={found.color} />}
            {several.map(({ id, name, color }) => (
              <Badge key={id} variant="light" color="gray" leftSection={<ClassDot color={color} size={10} />}>
                {name}
              </Badge>
            ))}
            {several.length === 0 && <Text fw={600}>{found?.name ?? strings.answers[image.answer.answer]}</Text>}
          </Group>
        ) : (
          <Text c="dimmed">{strings.noAnswer}</Text>
        )}
      </Group>
      {guess && image.suggestion && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            {strings.suggestion}
          </Text>
          <Text size="sm" fs="italic">
            {strings.guess(guess.name, image.suggestion.score)}
          </Text>
        </Group>
      )}
    </div>
  )
}

function Facts({ image }: { image: Detail }) {
  const facts: [string, string][] = [
    [strings.facts.size, `${image.width} × ${image.height}`],
    [strings.facts.file, `${image.format.toUpperCase()}, ${fileSize(image.size_bytes)}`],
    [strings.facts.light, `${Math.round(image.brightness * 100)} %`],
    [strings.facts.contrast, `${Math.round(image.contrast * 100)} %`],
    [strings.facts.sharp, image.sharpness.toPrecision(3)],
    [strings.facts.split, image.split ? (strings.splits[image.split] ?? image.split) : image.is_reserved ? strings.reserved : "–"],
    [strings.facts.added, moment(image.created_at)],
  ]
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function History({ projectId, image, classes }: { projectId: string; image: Detail; classes: ReadonlyMap<string, ProjectClass> }) {
  if (image.history.length === 0) return null
  return (
    <div>
      <Divider mb="sm" />
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          {strings.history}
        </Title>
        <LinkAnchor size="sm" to="/projects/$projectId/history/$imageId" params={{ projectId, imageId: image.id }}>
          {strings.walk}
        </LinkAnchor>
      </Group>
      <Timeline bulletSize={10} lineWidth={2} active={image.history.length}>
        {image.history.map((entry) => (
          <Timeline.Item
            key={entry.revision}
            title={
              <Badge variant="light" color="gray">
                {(entry.class_id && classes.get(entry.class_id)?.name) ?? strings.answers[entry.answer] ?? entry.answer}
              </Badge>
            }
          >
            <Text size="xs" c="dimmed" title={moment(entry.at)}>
              {strings.by(entry.author_name, entry.source)}, {ago(entry.at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </div>
  )
}
