import { ActionIcon, Badge, Box, Card, Group, Menu, SimpleGrid, Text, Tooltip } from "@mantine/core"
import { IconDots } from "@tabler/icons-react"

import { thumbnailUrl } from "../../api/images"
import { useClasses } from "../../api/shared"
import { CardTitle, ImageTile } from "../../ui"
import { useMark, useRemove, type GoldPicture } from "./queries"
import { strings } from "./strings"
import { useWords } from "./words"

/** Every picture with a known answer. */
export function GoldPictures({ projectId, rows }: { projectId: string; rows: readonly GoldPicture[] }) {
  return (
    <Card padding="lg">
      <CardTitle>{strings.picturesTitle(rows.length)}</CardTitle>
      <SimpleGrid cols={{ base: 2, sm: 3, md: 5 }} data-testid="gold-pictures">
        {rows.map((row) => (
          <Picture key={row.image.id} projectId={projectId} row={row} />
        ))}
      </SimpleGrid>
    </Card>
  )
}

function Picture({ projectId, row }: { projectId: string; row: GoldPicture }) {
  const words = useWords(useClasses(projectId).data)
  return (
    <div>
      <Box style={{ aspectRatio: "4 / 3" }}>
        <ImageTile src={thumbnailUrl(row.image.id)} alt={row.image.name} />
      </Box>
      <Group justify="space-between" wrap="nowrap" gap={4} mt={4}>
        <Text size="sm" fw={500} truncate>
          {words(row.answer, row.class_id, row.objects)}
        </Text>
        <Actions projectId={projectId} row={row} />
      </Group>
      <Text size="xs" c="dimmed">
        {strings.did(row.right, row.known)}
      </Text>
      <Group gap={4} mt={4}>
        {row.is_onboarding && (
          <Badge size="sm" variant="light">
            {strings.onboarding}
          </Badge>
        )}
        {row.is_outdated && (
          <Tooltip label={strings.outdatedHint} multiline w={280}>
            <Badge size="sm" variant="light" color="brass">
              {strings.outdated}
            </Badge>
          </Tooltip>
        )}
      </Group>
    </div>
  )
}

function Actions({ projectId, row }: { projectId: string; row: GoldPicture }) {
  const mark = useMark(projectId)
  const remove = useRemove(projectId)
  const again = (is_onboarding: boolean) => mark.mutate({ image_ids: [row.image.id], is_onboarding })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={strings.actions(row.image.name)}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {row.is_outdated && <Menu.Item onClick={() => again(row.is_onboarding)}>{strings.markAgain}</Menu.Item>}
        {!row.is_outdated && <Menu.Item onClick={() => again(!row.is_onboarding)}>{row.is_onboarding ? strings.endOnboarding : strings.makeOnboarding}</Menu.Item>}
        <Menu.Item color="clay" onClick={() => remove.mutate([row.image.id])}>
          {strings.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
