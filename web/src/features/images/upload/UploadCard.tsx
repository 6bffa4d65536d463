import { Alert, Button, Card, Group, Stack, Text } from "@mantine/core"

import { plural, ProgressLine } from "../../../ui"
import { strings } from "../strings"
import { uploaderOf } from "./uploader"
import { useUpload } from "./useUpload"

const STAGES: Record<string, string> = { preparing: strings.preparing, sending: "", waiting: strings.waiting, finishing: strings.finishing }

/** Files on their way to the server. */
export function UploadCard({ projectId }: { projectId: string }) {
  const upload = useUpload(projectId)
  const uploader = uploaderOf(projectId)
  if (upload.phase === "idle" || (upload.phase === "done" && upload.failed.length === 0)) return null
  const isBusy = upload.phase in STAGES
  return (
    <Card data-testid="upload">
      <Stack gap="xs">
        {isBusy ? (
          <>
            <ProgressLine
              title={strings.uploadTitle(upload.files)}
              stage={STAGES[upload.phase]}
              done={upload.sent}
              total={upload.files}
              rate={upload.rate}
              etaS={upload.etaS}
              failed={upload.failed.length}
              onCancel={() => uploader.stop()}
            />
            <Text size="sm" c="dimmed">
              {strings.sending} {upload.skipped > 0 && `${strings.skipped(upload.skipped)}.`}
            </Text>
          </>
        ) : (
          <Group justify="space-between">
            <Text>{upload.phase === "stopped" ? strings.stopped : (upload.problem ?? strings.notSent(upload.failed.length))}</Text>
            <Button variant="subtle" size="compact-sm" onClick={() => uploader.forget()}>
              {strings.dismiss}
            </Button>
          </Group>
        )}
        {upload.failed.length > 0 && (
          <Alert color="clay" title={plural(upload.failed.length, "file")}>
            {upload.failed.slice(0, 5).map((file) => (
              <Text key={file.name} size="sm">
                {file.name}: {file.reason}
              </Text>
            ))}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}
