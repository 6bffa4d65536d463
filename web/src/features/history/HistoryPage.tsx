import { Button, Group, Menu, Stack } from "@mantine/core"
import { IconDownload, IconHistory } from "@tabler/icons-react"
import type { ReactNode } from "react"

import { EmptyState, ErrorState, LoadingState, PageHeader } from "../../ui"
import { Entries } from "./Entries"
import { FilterBar } from "./FilterBar"
import { exportUrl, isNarrow, type Filters } from "./filters"
import { useHistory, type Scope } from "./queries"
import { strings } from "./strings"

interface Props {
  /** A project; null for the installation. */
  scope: Scope
  filters: Filters
  onFilters: (filters: Filters) => void
  action?: ReactNode
}

/** What happened, newest first: to be searched, narrowed and taken along. */
export function HistoryPage({ scope, filters, onFilters, action }: Props) {
  const history = useHistory(scope, filters)
  const entries = history.data?.pages.flatMap((page) => page.items) ?? []
  const [title, about] = scope === null ? [strings.installationTitle, strings.installationAbout] : [strings.title, strings.about]
  return (
    <Stack gap="md" maw="68rem">
      <PageHeader
        title={title}
        about={about}
        actions={
          <Group gap="xs">
            {action}
            <ExportMenu scope={scope} filters={filters} />
          </Group>
        }
      />
      <FilterBar scope={scope} filters={filters} onFilters={onFilters} />
      {history.isPending && <LoadingState label={strings.loading} />}
      {history.isError && <ErrorState error={history.error} onRetry={() => void history.refetch()} />}
      {history.isSuccess && entries.length === 0 && <Nothing isNarrow={isNarrow(filters)} onClear={() => onFilters({})} />}
      <Entries scope={scope} entries={entries} />
      {history.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            {strings.older}
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function Nothing({ isNarrow, onClear }: { isNarrow: boolean; onClear: () => void }) {
  if (!isNarrow) return <EmptyState title={strings.emptyTitle} text={strings.empty} icon={<IconHistory size={28} stroke={1.5} />} />
  return <EmptyState title={strings.noMatchTitle} text={strings.noMatch} icon={<IconHistory size={28} stroke={1.5} />} action={<Button onClick={onClear}>{strings.clear}</Button>} />
}

function ExportMenu({ scope, filters }: { scope: Scope; filters: Filters }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {strings.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={exportUrl(scope, filters, "csv")} download>
          {strings.asCsv}
        </Menu.Item>
        <Menu.Item component="a" href={exportUrl(scope, filters, "jsonl")} download>
          {strings.asJsonl}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
