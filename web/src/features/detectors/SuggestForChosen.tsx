import { Button, Menu } from "@mantine/core"
import { IconWand } from "@tabler/icons-react"

import { useDetectors } from "../../api/detectors"
import { useWhyNot } from "../../api/roles"
import { doneToast } from "../../ui"
import { useSuggest } from "./queries"
import { strings } from "./strings"

/** Has a detector look at chosen pictures; nothing where there is none, or for those who may not. */
export function SuggestForChosen({ projectId, imageIds }: { projectId: string; imageIds: readonly string[] }) {
  const detectors = useDetectors(projectId).data ?? []
  const suggest = useSuggest(projectId)
  const mayNot = useWhyNot(projectId, "train")
  const start = (id: string) => suggest.mutate({ id, images: "chosen", count: 1, image_ids: [...imageIds] }, { onSuccess: () => doneToast(strings.forChosenStarted(imageIds.length)) })
  const [only] = detectors
  if (!only || mayNot !== null) return null
  const icon = <IconWand size={15} aria-hidden />
  if (detectors.length === 1)
    return (
      <Button variant="subtle" color="gray" size="compact-md" leftSection={icon} loading={suggest.isPending} disabled={imageIds.length === 0} onClick={() => start(only.id)}>
        {strings.forChosen}
      </Button>
    )
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" leftSection={icon} loading={suggest.isPending} disabled={imageIds.length === 0}>
          {strings.forChosen}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {detectors.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => start(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
