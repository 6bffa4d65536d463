import { Card, Group, SegmentedControl, SimpleGrid, Slider, Stack, Switch, Text } from "@mantine/core"
import { useState } from "react"

import { useProject, type Project } from "../../../api/shared"
import { doneToast, ErrorState, LoadingState, percent } from "../../../ui"
import { useUpdateProject } from "../queries"
import { strings } from "./strings"

type Settings = Project["settings"]

/** What the project wishes for; every change is kept at once. */
export function WishesTab({ projectId }: { projectId: string }) {
  const project = useProject(projectId)
  const update = useUpdateProject(projectId)
  if (project.isPending) return <LoadingState label={strings.loading} />
  if (project.isError) return <ErrorState error={project.error} onRetry={() => void project.refetch()} />
  const settings = project.data.settings
  const save = (change: Partial<Settings>) => update.mutate({ settings: change }, { onSuccess: () => doneToast(strings.saved) })
  return (
    <Stack>
      <Card padding="lg">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="xl">
          <Share label={strings.wish} hint={strings.wishHint} value={settings.wish_accuracy} range={[0.5, 1, 0.01]} onSave={(wish_accuracy) => save({ wish_accuracy })} />
          <Share
            label={strings.promise}
            hint={strings.promiseHint}
            value={settings.promise_accuracy}
            range={[0.9, 0.999, 0.001]}
            digits={1}
            onSave={(promise_accuracy) => save({ promise_accuracy })}
          />
          <Share label={strings.test} hint={strings.testHint} value={settings.test_share} range={[0.05, 0.5, 0.01]} onSave={(test_share) => save({ test_share })} />
          <Share label={strings.val} hint={strings.valHint} value={settings.val_share} range={[0, 0.5, 0.01]} onSave={(val_share) => save({ val_share })} />
          <Share label={strings.goldLeast} hint={strings.goldLeastHint(settings.gold_window)} value={settings.gold_least} range={[0, 1, 0.05]} onSave={(gold_least) => save({ gold_least })} />
          <Share label={strings.blind} hint={strings.blindHint} value={settings.blind_share} range={[0, 1, 0.05]} onSave={(blind_share) => save({ blind_share })} />
        </SimpleGrid>
      </Card>
      <Card padding="lg">
        <Stack gap="lg">
          <Switch
            label={strings.leftRight}
            description={strings.leftRightHint}
            checked={settings.left_right_matters}
            onChange={(event) => save({ left_right_matters: event.currentTarget.checked })}
          />
          <Switch
            label={strings.selfReview}
            description={strings.selfReviewHint}
            checked={settings.self_review}
            onChange={(event) => save({ self_review: event.currentTarget.checked })}
          />
          <div>
            <Text fw={500} size="sm">
              {strings.order}
            </Text>
            <Text size="xs" c="dimmed" mb={6}>
              {strings.orderHint}
            </Text>
            <SegmentedControl
              value={settings.order}
              onChange={(order) => save({ order: order as Settings["order"] })}
              data={Object.entries(strings.orders).map(([value, label]) => ({ value, label }))}
            />
          </div>
        </Stack>
      </Card>
    </Stack>
  )
}

interface ShareProps {
  label: string
  hint: string
  value: number
  range: readonly [number, number, number]
  digits?: number
  onSave: (value: number) => void
}

function Share({ label, hint, value, range: [min, max, step], digits = 0, onSave }: ShareProps) {
  const [shown, setShown] = useState(value)
  return (
    <div>
      <Group justify="space-between">
        <Text fw={500} size="sm">
          {label}
        </Text>
        <Text fw={600} ff="heading" fz="lg">
          {percent(shown, digits)}
        </Text>
      </Group>
      <Slider value={shown} onChange={setShown} onChangeEnd={onSave} min={min} max={max} step={step} label={null} thumbLabel={label} my={6} />
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </div>
  )
}
