import { Box, SimpleGrid, Text, Title } from "@mantine/core"

import { thumbnailUrl } from "../../../api/images"
import { ImageTile } from "../../../ui"
import type { useImage } from "../queries"
import { strings } from "../strings"

type Detail = NonNullable<ReturnType<typeof useImage>["data"]>

/** The near-duplicates of a picture. */
export function Twins({ image, onShow }: { image: Detail; onShow: (imageId: string) => void }) {
  return (
    <div>
      <Title order={2} size="h3">{strings.twinTitle}</Title>
      <Text size="xs" c="dimmed" mb={6}>
        {strings.twinHint}
      </Text>
      <SimpleGrid cols={4} spacing={6}>
        {image.twins.map((id) => (
          <Box key={id} style={{ aspectRatio: "1" }}>
            <ImageTile src={thumbnailUrl(id)} alt={strings.twins} onClick={() => onShow(id)} />
          </Box>
        ))}
      </SimpleGrid>
    </div>
  )
}
