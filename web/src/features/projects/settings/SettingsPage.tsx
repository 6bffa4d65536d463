import { Alert, Stack, Tabs } from "@mantine/core"

import { useWhyNot } from "../../../api/roles"
import { PageHeader, ReadOnly } from "../../../ui"
import { AttributesTab } from "./AttributesTab"
import { ClassesTab } from "./ClassesTab"
import { MembersTab } from "./members/MembersTab"
import { ProjectTab } from "./ProjectTab"
import { strings } from "./strings"
import { WebhooksTab } from "./webhooks/WebhooksTab"
import { WishesTab } from "./WishesTab"

interface Props {
  projectId: string
  tab: string
  onTab: (tab: string) => void
}

export function SettingsPage({ projectId, tab, onTab }: Props) {
  const classes = useWhyNot(projectId, "manage_classes")
  const settings = useWhyNot(projectId, "change_settings")
  const webhooks = useWhyNot(projectId, "manage_webhooks")
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
          <ReadOnly why={classes}>
            <ClassesTab projectId={projectId} />
          </ReadOnly>
        </Tabs.Panel>
        <Tabs.Panel value="attributes">
          <ReadOnly why={classes}>
            <AttributesTab projectId={projectId} />
          </ReadOnly>
        </Tabs.Panel>
        <Tabs.Panel value="wishes">
          <ReadOnly why={settings}>
            <WishesTab projectId={projectId} />
          </ReadOnly>
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <MembersTab projectId={projectId} />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks">
          {webhooks ? <Alert>{webhooks}</Alert> : <WebhooksTab projectId={projectId} />}
        </Tabs.Panel>
        <Tabs.Panel value="project">
          <ReadOnly why={settings}>
            <ProjectTab projectId={projectId} />
          </ReadOnly>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
