import { createFileRoute } from "@tanstack/react-router"

import { SettingsPage } from "../features/projects/settings/SettingsPage"

const TABS = ["classes", "attributes", "wishes", "members", "webhooks", "project"] as const
type Tab = (typeof TABS)[number]

export const Route = createFileRoute("/projects/$projectId/settings")({
  validateSearch: (search): { tab?: Tab } => (TABS.includes(search.tab as Tab) ? { tab: search.tab as Tab } : {}),
  component: Settings,
})

function Settings() {
  const { projectId } = Route.useParams()
  const { tab } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <SettingsPage projectId={projectId} tab={tab ?? "classes"} onTab={(next: string) => void navigate({ search: { tab: next as Tab }, replace: true })} />
}
