import { Anchor, Stack } from "@mantine/core"

import { EmptyState, LinkButton } from "../../../ui"
import { strings as labelStrings } from "../strings"
import { strings } from "./strings"

/** The queue is empty. */
export function AllDone({ projectId, onBack }: { projectId: string; onBack: (() => void) | undefined }) {
  return (
    <EmptyState
      title={labelStrings.doneTitle}
      text={labelStrings.allDrawnText}
      action={
        <Stack align="center" gap="xs">
          <LinkButton to="/projects/$projectId/versions" params={{ projectId }}>
            {labelStrings.exportThem}
          </LinkButton>
          <LinkButton variant="default" to="/projects/$projectId/images" params={{ projectId }}>
            {labelStrings.addImages}
          </LinkButton>
          {onBack && (
            <Anchor component="button" size="sm" onClick={onBack}>
              {strings.previous}
            </Anchor>
          )}
        </Stack>
      }
    />
  )
}
