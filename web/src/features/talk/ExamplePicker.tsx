import { Button, Center, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { IconSearch } from "@tabler/icons-react"
import { useInfiniteQuery } from "@tanstack/react-query"
import { useState } from "react"

import { api, unwrap } from "../../api/client"
import { thumbnailUrl } from "../../api/images"
import { key } from "../../api/keys"
import { ErrorState, ImageTile, LoadingState } from "../../ui"
import { strings as all } from "./strings"
import styles from "./talkPages.module.css"

const strings = all.guides
const PAGE = 48

interface Props {
  projectId: string
  /** Those that are chosen already. */
  taken: readonly string[]
  most: number
  onTake: (imageIds: string[]) => void
  onClose: () => void
}

/** Pictures of the project, to be chosen as examples. */
export function ExamplePicker({ projectId, taken, most, onTake, onClose }: Props) {
  const [typed, setTyped] = useState("")
  const [name] = useDebouncedValue(typed.trim(), 250)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const pages = useInfiniteQuery({
    queryKey: key(projectId, "images", "examples", name),
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/projects/{project_id}/images", { params: { path: { project_id: projectId }, query: { limit: PAGE, ...(name ? { name } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  })
  const images = pages.data?.pages.flatMap((page) => page.items).filter((image) => !taken.includes(image.id)) ?? []
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : chosen.length < most ? [...chosen, id] : chosen)
  return (
    <Modal opened onClose={onClose} size="xl" title={<Title order={2}>{strings.pickTitle}</Title>}>
      <Stack>
        <TextInput data-autofocus value={typed} maxLength={200} leftSection={<IconSearch size={16} aria-hidden />} aria-label={strings.pickSearch} placeholder={strings.pickSearch} onChange={(event) => setTyped(event.currentTarget.value)} />
        {pages.isPending && <LoadingState label={all.loading} shape="grid" />}
        {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isSuccess && images.length === 0 && <Text c="dimmed">{strings.pickNone}</Text>}
        <div className={styles.picks} data-testid="picks">
          {images.map((image) => (
            <ImageTile key={image.id} src={thumbnailUrl(image.id)} alt={image.name} isSelected={chosen.includes(image.id)} onClick={() => toggle(image.id)} />
          ))}
        </div>
        {pages.hasNextPage && (
          <Center>
            <Button variant="default" size="xs" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {strings.more}
            </Button>
          </Center>
        )}
        <Group justify="flex-end">
          <Button variant="subtle" color="gray" onClick={onClose}>
            {strings.cancel}
          </Button>
          <Button
            disabled={chosen.length === 0}
            onClick={() => {
              onTake([...chosen])
              onClose()
            }}
          >
            {strings.pickDone(chosen.length)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
