import { Alert, Anchor, Button, Group, Stack, Table, Text } from "@mantine/core"
import { useState } from "react"

import { useGuidelineVersions, useRestoreGuidelines, type Guideline } from "../../api/talk"
import { GuideText } from "../../talk"
import { Barred, doneToast, ErrorState, LoadingState, moment } from "../../ui"
import { strings as all } from "./strings"

const strings = all.guides

interface Props {
  projectId: string
  current: Guideline
  mayNot: string | null
  onDone: () => void
}

/** Every version with who wrote it; an older one can be read, and brought back. */
export function Versions({ projectId, current, mayNot, onDone }: Props) {
  const versions = useGuidelineVersions(projectId, current.class_id, true)
  const restore = useRestoreGuidelines(projectId)
  const [number, setNumber] = useState<number | null>(null)
  if (versions.isPending) return <LoadingState label={all.loading} />
  if (versions.isError) return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
  const chosen = versions.data.find((entry) => entry.number === number)
  const bringBack = (id: string, old: number) =>
    restore.mutate(id, {
      onSuccess: () => {
        doneToast(strings.restored(old))
        onDone()
      },
    })
  if (chosen) {
    return (
      <Stack gap="md">
        <Alert color="gray">
          <Group justify="space-between">
            <Text size="sm">{chosen.number === current.number ? strings.version(chosen.number) : strings.older(chosen.number)}</Text>
            <Group gap="sm">
              <Anchor component="button" type="button" size="sm" onClick={() => setNumber(null)}>
                {strings.versions}
              </Anchor>
              {chosen.number !== current.number && (
                <Barred why={mayNot}>
                  <Button size="compact-sm" loading={restore.isPending} onClick={() => bringBack(chosen.id, chosen.number)}>
                    {strings.restore}
                  </Button>
                </Barred>
              )}
            </Group>
          </Group>
        </Alert>
        <GuideText version={chosen} />
      </Stack>
    )
  }
  return (
    <Table verticalSpacing="xs" data-testid="versions">
      <Table.Tbody>
        {versions.data.map((entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td w={110}>
              <Anchor component="button" type="button" size="sm" onClick={() => setNumber(entry.number)}>
                {strings.version(entry.number)}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Text size="sm">{entry.note}</Text>
            </Table.Td>
            <Table.Td>
              <Text size="sm" c="dimmed">
                {entry.author_name} · {moment(entry.created_at)}
              </Text>
            </Table.Td>
            <Table.Td ta="right">{entry.number === current.number && <Text size="xs" c="dimmed">{strings.current}</Text>}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
