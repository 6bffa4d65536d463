import { Button, Group, Modal, ScrollArea, SegmentedControl, Stack, Table, Text } from "@mantine/core"
import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"

import { api, unwrap } from "../../../api/client"
import { ErrorState, LoadingState } from "../../../ui"
import { strings } from "../strings"
import { toCsv } from "./csv"
import type { Import, ImportFile } from "./useUpload"

type State = "refused" | "duplicate" | "added"

const page = (importId: string, state: State | undefined, cursor: string | undefined) =>
  unwrap(api.GET("/api/v1/imports/{import_id}/files", { params: { path: { import_id: importId }, query: { state, cursor, limit: 200 } } }))

/** Every file of an import and what became of it. */
export function ReportDialog({ entry, onClose }: { entry: Import; onClose: () => void }) {
  const [state, setState] = useState<State>(entry.refused > 0 ? "refused" : entry.duplicates > 0 ? "duplicate" : "added")
  const [isSaving, setSaving] = useState(false)
  const files = useInfiniteQuery({
    queryKey: ["import-files", entry.id, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => page(entry.id, state, pageParam),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
  const rows = files.data?.pages.flatMap((part) => part.items) ?? []
  const save = async () => {
    setSaving(true)
    try {
      await download(entry)
    } finally {
      setSaving(false)
    }
  }
  const counts: Record<State, number> = { refused: entry.refused, duplicate: entry.duplicates, added: entry.added }
  return (
    <Modal opened onClose={onClose} title={strings.reportTitle} size="xl">
      <Stack>
        <Group justify="space-between">
          <SegmentedControl
            value={state}
            onChange={(value) => setState(value as State)}
            data={(Object.keys(counts) as State[]).map((value) => ({ value, label: `${strings.reportStates[value] ?? value} (${counts[value].toLocaleString()})` }))}
          />
          <Button variant="default" onClick={() => void save()} loading={isSaving}>
            {strings.download}
          </Button>
        </Group>
        {files.isPending && <LoadingState label={strings.reportLoading} />}
        {files.isError && <ErrorState error={files.error} onRetry={() => void files.refetch()} />}
        {files.isSuccess && rows.length === 0 && <Text c="dimmed">{strings.reportNone}</Text>}
        {rows.length > 0 && (
          <ScrollArea.Autosize mah="55vh">
            <Table stickyHeader>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{strings.columns.name}</Table.Th>
                  <Table.Th>{strings.columns.reason}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((file) => (
                  <Table.Tr key={file.id}>
                    <Table.Td>{file.name}</Table.Td>
                    <Table.Td>{file.reason}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        )}
        {files.hasNextPage && (
          <Button variant="subtle" onClick={() => void files.fetchNextPage()} loading={files.isFetchingNextPage}>
            {strings.reportMore}
          </Button>
        )}
      </Stack>
    </Modal>
  )
}

async function download(entry: Import): Promise<void> {
  const files: ImportFile[] = []
  let cursor: string | undefined
  do {
    const part = await page(entry.id, undefined, cursor)
    files.push(...part.items)
    cursor = part.next_cursor ?? undefined
  } while (cursor !== undefined)
  const header = [strings.columns.name, strings.columns.state, strings.columns.reason]
  const text = toCsv([header, ...files.map((file) => [file.name, file.state, file.reason])])
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }))
  link.download = `import-${entry.created_at.slice(0, 10)}.csv`
  link.click()
  URL.revokeObjectURL(link.href)
}
