import { ActionIcon, Alert, Button, Group, Slider, Stack, Text, Tooltip } from "@mantine/core"
import { IconArrowBackUp, IconChevronLeft, IconChevronRight, IconHistory } from "@tabler/icons-react"

import { useWhyNot } from "../../api/roles"
import { useActions, useKeyOf } from "../../keymap"
import { EmptyState, ErrorState, LinkButton, LoadingState, PageHeader } from "../../ui"
import styles from "./history.module.css"
import { useImageState, usePictureOf, useRestore, useRevisions, type ImageState } from "./queries"
import { Revisions } from "./Revisions"
import { StatePicture } from "./StatePicture"
import { strings } from "./strings"

interface Props {
  projectId: string
  imageId: string
  /** The revision that is shown; the newest if nothing is said. */
  state: number | undefined
  onState: (state: number) => void
}

/** The history of one picture: its states, back and forth, and any of them restored. */
export function StatesPage({ projectId, imageId, state, onState }: Props) {
  const picture = usePictureOf(projectId, imageId)
  const revisions = useRevisions(projectId, imageId)
  if (picture.isPending || revisions.isPending) return <LoadingState label={strings.loading} />
  if (picture.isError) return <ErrorState error={picture.error} onRetry={() => void picture.refetch()} />
  if (revisions.isError) return <ErrorState error={revisions.error} onRetry={() => void revisions.refetch()} />
  const latest = revisions.data[0]?.revision ?? 0
  const shown = Math.min(state ?? latest, latest)
  return (
    <Stack gap="md" maw="80rem">
      <PageHeader
        title={strings.stateTitle(picture.data.name)}
        about={strings.stateAbout}
        actions={
          <Group gap="xs">
            <LinkButton variant="default" to="/projects/$projectId/history" params={{ projectId }} search={{ text: picture.data.name }}>
              {strings.back}
            </LinkButton>
            <LinkButton variant="default" to="/projects/$projectId/label" params={{ projectId }} search={{ image: imageId }}>
              {strings.toPicture}
            </LinkButton>
          </Group>
        }
      />
      {latest === 0 ? (
        <EmptyState title={strings.noStatesTitle} text={strings.noStates} icon={<IconHistory size={28} stroke={1.5} />} />
      ) : (
        <div className={styles.states}>
          <Shown projectId={projectId} picture={picture.data} revision={shown} latest={latest} onState={onState} />
          <Revisions revisions={revisions.data} shown={shown} onState={onState} projectId={projectId} />
        </div>
      )}
    </Stack>
  )
}

interface ShownProps {
  projectId: string
  picture: { id: string; name: string; width: number; height: number }
  revision: number
  latest: number
  onState: (state: number) => void
}

function Shown({ projectId, picture, revision, latest, onState }: ShownProps) {
  const state = useImageState(projectId, picture.id, revision)
  if (state.isPending) return <LoadingState label={strings.loading} shape="cards" />
  if (state.isError) return <ErrorState error={state.error} onRetry={() => void state.refetch()} />
  return (
    <Stack gap="sm">
      <Walk revision={revision} latest={latest} onState={onState} />
      <StatePicture picture={picture} state={state.data} />
      <Restore projectId={projectId} state={state.data} onState={onState} />
    </Stack>
  )
}

function Walk({ revision, latest, onState }: Pick<ShownProps, "revision" | "latest" | "onState">) {
  const keyOf = useKeyOf("states")
  const go = (step: number) => onState(Math.max(0, Math.min(latest, revision + step)))
  const isFree = (event: KeyboardEvent) => !(event.target instanceof Element && event.target.closest("[role=slider]"))
  useActions("states", { earlier: { run: () => go(-1), isMeant: isFree }, later: { run: () => go(1), isMeant: isFree } })
  return (
    <Group gap="sm" wrap="nowrap">
      <Tooltip label={`${strings.earlier} (${keyOf("earlier") ?? ""})`}>
        <ActionIcon variant="default" size="lg" aria-label={strings.earlier} disabled={revision === 0} onClick={() => go(-1)}>
          <IconChevronLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <Slider style={{ flex: 1 }} min={0} max={latest} value={revision} onChange={onState} thumbLabel={strings.slider} label={(value) => strings.state(value, latest)} />
      <Tooltip label={`${strings.later} (${keyOf("later") ?? ""})`}>
        <ActionIcon variant="default" size="lg" aria-label={strings.later} disabled={revision === latest} onClick={() => go(1)}>
          <IconChevronRight size={18} />
        </ActionIcon>
      </Tooltip>
      <Text size="sm" fw={600} data-testid="state-number" style={{ whiteSpace: "nowrap" }}>
        {strings.state(revision, latest)}
      </Text>
    </Group>
  )
}

function Restore({ projectId, state, onState }: { projectId: string; state: ImageState; onState: (state: number) => void }) {
  const whyNot = useWhyNot(projectId, "label")
  const restore = useRestore(projectId, state.image_id, onState)
  const named = (fate: string) => state.classes.filter((entry) => entry.fate === fate).map(({ name }) => `“${name}”`)
  const held = new Set([state.class_id, ...state.objects.filter(({ change }) => change !== "removed").map(({ class_id }) => class_id)])
  const gone = state.classes.filter((entry) => entry.fate === "deleted" && held.has(entry.id)).map(({ name }) => `“${name}”`)
  const isPresent = state.revision === state.latest
  const reason = whyNot ?? (isPresent ? strings.isPresent : null)
  return (
    <Stack gap="xs">
      {!isPresent && gone.length > 0 && <Alert color="clay">{strings.gone(gone.join(", "))}</Alert>}
      {!isPresent && gone.length === 0 && named("merged").length > 0 && <Alert color="yellow">{strings.merged(named("merged").join(", "))}</Alert>}
      <Group>
        <Tooltip label={reason} disabled={reason === null}>
          <Button
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            data-disabled={reason !== null || gone.length > 0 || undefined}
            aria-disabled={reason !== null || gone.length > 0}
            loading={restore.isPending}
            onClick={() => reason === null && gone.length === 0 && restore.mutate({ revision: state.revision, latest: state.latest })}
          >
            {strings.restore}
          </Button>
        </Tooltip>
      </Group>
    </Stack>
  )
}
