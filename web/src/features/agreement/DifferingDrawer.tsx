import { Badge, Button, Drawer, SimpleGrid, Stack, Text } from "@mantine/core"
import { Link } from "@tanstack/react-router"

import { thumbnailUrl } from "../../api/images"
import { ErrorState, LoadingState } from "../../ui"
import classes from "./agreement.module.css"
import { useDiffering, type Agreement, type Differing } from "./queries"
import { strings } from "./strings"

interface Props {
  projectId: string
  batchId: string | null
  found: Agreement | undefined
  open: Differing | null
  onClose: () => void
}

/** The pictures in which people differ, with what each of them said; one that is not decided can be. */
export function DifferingDrawer({ projectId, batchId, found, open, onClose }: Props) {
  const pages = useDiffering(projectId, batchId, open)
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Drawer opened={open !== null} onClose={onClose} position="right" size="xl" title={open && titleOf(open, found)}>
      <Stack data-testid="differing">
        {open && pages.isPending && <LoadingState label={strings.loading} shape="grid" />}
        {pages.isError && <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />}
        {pages.isSuccess && items.length === 0 && <Text c="dimmed">{strings.drawer.nothing}</Text>}
        <SimpleGrid cols={3}>
          {items.map(({ image, batch_id, is_decided, said }) => (
            <Link key={`${batch_id} ${image.id}`} className={classes.picture} to="/projects/$projectId/batches/$batchId/decide" params={{ projectId, batchId: batch_id }} search={{ image: image.id }} title={image.name}>
              <img src={thumbnailUrl(image.id)} alt={image.name} loading="lazy" />
              <Badge size="sm" variant="light" color={is_decided ? "gray" : "brass"} tt="none">
                {is_decided ? strings.drawer.decided : strings.drawer.open}
              </Badge>
              {said.map((one) => (
                <Text key={one.name} size="sm">
                  {one.name}: <b>{one.text}</b>
                </Text>
              ))}
            </Link>
          ))}
        </SimpleGrid>
        {pages.hasNextPage && (
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {strings.drawer.more}
          </Button>
        )}
      </Stack>
    </Drawer>
  )
}

function titleOf({ people = [], said = [] }: Differing, found: Agreement | undefined): string {
  const person = (id: string | undefined) => found?.people.find((entry) => entry.user_id === id)?.name ?? "?"
  const mixed = found?.mixed_up.find((row) => said.length === 2 && said.includes(row.first_said) && said.includes(row.second_said))
  if (people.length === 2) return strings.drawer.people(person(people[0]), person(people[1]))
  if (people.length === 1) return strings.drawer.person(person(people[0]))
  if (mixed) return strings.drawer.said(mixed.first_name, mixed.second_name)
  if (said.length === 1) return strings.drawer.oneSaid(found?.classes.find((row) => row.said === said[0])?.name ?? "?")
  return strings.drawer.title
}
