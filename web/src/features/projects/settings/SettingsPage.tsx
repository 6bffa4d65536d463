import { Stack, Tabs } from "@mantine/core"

import { PageHeader } from "../../../ui"
import { AttributesTab } from "./AttributesTab"
import { ClassesTab } from "./ClassesTab"
import { MembersTab } from "./MembersTab"
import { ProjectTab } from "./ProjectTab"
import { strings } from "./strings"
import { WishesTab } from "./WishesTab"

interface Props {
  projectId: string
  tab: string
  onTab: (tab: string) => void
}

export function SettingsPage({ projectId, tab, onTab }: Props) {
  return (
    <Stack gap="md" maw="60rem">
      <PageHeader title={strings.title} about={strings.about} />
      <Tabs value={tab} onChange={(value) => value && onTab(value)} keepMounted={false}>
        <Tabs.List mb="lg">
          {Object.entries(strings.tabs).map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="classes">
          <ClassesTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="attributes">
          <AttributesTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="wishes">
          <WishesTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <MembersTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="project">
          <ProjectTab projectId={projectId} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
