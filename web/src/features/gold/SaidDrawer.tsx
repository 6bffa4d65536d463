import { Badge, Button, Drawer, Group, Stack, Text } from "@mantine/core"

import { thumbnailUrl } from "../../api/images"
import { useClasses } from "../../api/shared"
import { ago, ErrorState, LinkAnchor } from "../../ui"
import { useSaid, type GoldAnswer, type GoldPerson } from "./queries"
import { strings } from "./strings"
import { useWords } from "./words"

/** What a person said of known pictures: to talk about it. */
export function SaidDrawer({ projectId, person, onClose }: { projectId: string; person: GoldPerson | null; onClose: () => void }) {
  const found = useSaid(projectId, person?.user_id ?? null)
  const rows = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Drawer opened={person !== null} onClose={onClose} position="right" size="lg" title={person ? strings.saidTitle(person.name) : ""}>
      <Stack gap="sm" data-testid="gold-said">
        {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {found.data && rows.length === 0 && <Text c="dimmed">{strings.saidNone}</Text>}
        {rows.map((row) => (
          <Said key={row.image.id} projectId={projectId} row={row} />
        ))}
        {found.hasNextPage && (
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {strings.showMore}
          </Button>
        )}
      </Stack>
    </Drawer>
  )
}

function Said({ projectId, row }: { projectId: string; row: GoldAnswer }) {
  const words = useWords(useClasses(projectId).data)
  return (
    <Group wrap="nowrap" gap="sm">
      <img src={thumbnailUrl(row.image.id)} alt={row.image.name} width={96} height={72} style={{ objectFit: "cover", borderRadius: "var(--mantine-radius-md)" }} />
      <div style={{ minWidth: 0 }}>
        <LinkAnchor size="sm" to="/projects/$projectId/images" params={{ projectId }} search={{ image: row.image.id }}>
          {row.image.name}
        </LinkAnchor>
        <Text size="sm">
          {strings.known}: {words(row.known_answer, row.known_class_id, row.known_objects)}
        </Text>
        <Text size="sm">
          {strings.given}: {words(row.answer, row.class_id, row.objects)}
        </Text>
        <Group gap="xs" mt={2}>
          <Badge variant="light" color={row.is_right ? "pine" : "clay"}>
            {row.is_right ? strings.right : strings.wrong}
          </Badge>
          <Text size="xs" c="dimmed">
            {ago(row.submitted_at)}
          </Text>
        </Group>
      </div>
    </Group>
  )
}
