import { Card, Group, Select, Switch, Text } from "@mantine/core"

import { useWhyNot } from "../../api/roles"
import { CardTitle, ReadOnly } from "../../ui"
import { useUpdate, type Deployment } from "./queries"
import { strings } from "./strings"

const DAYS = [1, 7, 30, 90, 365]

/** Whether pictures and answers are stored, for how long, in plain words. */
export function KeepCard({ projectId, deployment }: { projectId: string; deployment: Deployment }) {
  const update = useUpdate(projectId, deployment.name)
  const mayNot = useWhyNot(projectId, "deploy")
  const days = [...new Set([...DAYS, deployment.retention_days])].sort((a, b) => a - b)
  return (
    <Card data-testid="keep">
      <CardTitle>{strings.keepTitle}</CardTitle>
      <ReadOnly why={mayNot}>
        <Switch
          label={strings.keep}
          checked={deployment.keep_predictions}
          disabled={update.isPending}
          onChange={(event) => update.mutate({ keep_predictions: event.currentTarget.checked, accept_below_wish: false })}
        />
        <Text size="sm" c="dimmed" mt="xs">
          {strings.keepText}
        </Text>
        {(deployment.keep_predictions || deployment.predictions_kept > 0) && (
          <Group mt="sm" align="flex-end">
            <Select
              label={strings.retention}
              w={140}
              allowDeselect={false}
              value={String(deployment.retention_days)}
              onChange={(value) => update.mutate({ retention_days: Number(value), accept_below_wish: false })}
              data={days.map((n) => ({ value: String(n), label: strings.days(n) }))}
            />
            <Text size="sm" c="dimmed">
              {strings.kept(deployment.predictions_kept)}
            </Text>
          </Group>
        )}
      </ReadOnly>
    </Card>
  )
}
