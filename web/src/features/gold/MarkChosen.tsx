import { Button, Menu } from "@mantine/core"
import { IconStar } from "@tabler/icons-react"

import { useWhyNot } from "../../api/roles"
import { doneToast } from "../../ui"
import { useMark } from "./queries"
import { strings } from "./strings"

/** Keeps the labels of chosen pictures as known answers; nothing for those who don't lead the work. */
export function MarkChosen({ projectId, imageIds }: { projectId: string; imageIds: readonly string[] }) {
  const mark = useMark(projectId)
  const mayNot = useWhyNot(projectId, "manage_batches")
  if (mayNot !== null) return null
  const start = (is_onboarding: boolean) => mark.mutate({ image_ids: [...imageIds], is_onboarding }, { onSuccess: (found) => doneToast(strings.marked(found)) })
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" leftSection={<IconStar size={15} aria-hidden />} loading={mark.isPending} disabled={imageIds.length === 0}>
          {strings.mark}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{strings.markHint}</Menu.Label>
        <Menu.Item rightSection={<Hint text={strings.plainHint} />} onClick={() => start(false)}>
          {strings.plain}
        </Menu.Item>
        <Menu.Item rightSection={<Hint text={strings.firstHint} />} onClick={() => start(true)}>
          {strings.first}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const Hint = ({ text }: { text: string }) => <span style={{ color: "var(--mantine-color-dimmed)", fontSize: "var(--mantine-font-size-xs)", paddingLeft: 12 }}>{text}</span>
