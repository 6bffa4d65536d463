import { ActionIcon, Group, SegmentedControl, Tooltip } from "@mantine/core"
import { IconX } from "@tabler/icons-react"

import { GuidesBeside } from "./GuidesBeside"
import { IssuesBeside } from "./IssuesBeside"
import { strings } from "./strings"
import classes from "./talk.module.css"
import type { Tab, Talk } from "./useTalk"

interface Props {
  projectId: string
  talk: Talk
  /** The class that is meant just now, whose guidelines are shown first. */
  classId: string | null
}

/** Beside the picture: what is said about it, or how it is to be labelled; nothing until it is asked for. */
export function Aside({ projectId, talk, classId }: Props) {
  if (talk.tab === null) return null
  return (
    <aside className={classes.aside} aria-label={strings[talk.tab]} data-testid="talk">
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <SegmentedControl
          size="xs"
          value={talk.tab}
          onChange={(value) => talk.show(value as Tab)}
          data={[
            { value: "issues", label: strings.issues },
            { value: "guidelines", label: strings.guidelines },
          ]}
        />
        <Tooltip label={strings.close}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={strings.close} onClick={() => talk.show(null)}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <div className={classes.scroll}>{talk.tab === "issues" ? <IssuesBeside projectId={projectId} talk={talk} /> : <GuidesBeside projectId={projectId} classId={classId} />}</div>
    </aside>
  )
}
