import { Box, SimpleGrid, Text, Title } from "@mantine/core"

import { thumbnailUrl } from "../../../api/images"
import { ImageTile } from "../../../ui"
import { useSimilar } from "../queries"
import { strings } from "../strings"

/** The pictures that look most like this one; a click goes on to that one. */
export function Similar({ projectId, imageId, onShow }: { projectId: string; imageId: string; onShow: (imageId: string) => void }) {
  const similar = useSimilar(projectId, imageId)
  if (similar.isPending) return null
  return (
    <div data-testid="similar">
      <Title order={2} size="h3" mb={6}>
        {strings.similarTitle}
      </Title>
      {similar.isError && (
        <Text size="xs" c="dimmed">
          {similar.error.message}
        </Text>
      )}
      {similar.data?.length === 0 && (
        <Text size="xs" c="dimmed">
          {strings.similarNone}
        </Text>
      )}
      <SimpleGrid cols={4} spacing={6}>
        {similar.data?.map(({ image, similarity }) => (
          <Box key={image.id} style={{ aspectRatio: "1" }}>
            <ImageTile src={thumbnailUrl(image.id)} alt={strings.similarTo(image.name, similarity)} onClick={() => onShow(image.id)} />
          </Box>
        ))}
      </SimpleGrid>
    </div>
  )
}
