import { Alert, Stack } from "@mantine/core"

import { useWhyNot } from "../../api/roles"
import { PageHeader } from "../../ui"
import type { Filters } from "./filters"
import { HistoryPage } from "./HistoryPage"
import { strings } from "./strings"

/** The history of a project, for whoever may see it; others are told who may. */
export function ProjectHistory({ projectId, filters, onFilters }: { projectId: string; filters: Filters; onFilters: (filters: Filters) => void }) {
  const whyNot = useWhyNot(projectId, "see_history")
  if (whyNot) {
    return (
      <Stack maw="68rem">
        <PageHeader title={strings.title} about={strings.about} />
        <Alert>{whyNot}</Alert>
      </Stack>
    )
  }
  return <HistoryPage scope={projectId} filters={filters} onFilters={onFilters} />
}
