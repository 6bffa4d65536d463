import { Anchor, Button, Group, Stack } from "@mantine/core"
import { useCallback, useMemo, useState, type ReactNode } from "react"

import { useWhyNot } from "../../api/roles"
import { useClasses, useProject } from "../../api/shared"
import { Barred, EmptyState, ErrorState, LoadingState, PageHeader } from "../../ui"
import { DetailPanel } from "./detail/DetailPanel"
import { Chips } from "./filter/Chips"
import { filtersOf, type Filters, type ImagesSearch } from "./filter/filters"
import { Toolbar } from "./filter/Toolbar"
import { BulkBar, type Having } from "./grid/BulkBar"
import { Grid } from "./grid/Grid"
import { useActions } from "./grid/useActions"
import { useGrid } from "./grid/useGrid"
import { useChoice } from "./grid/useChoice"
import styles from "./images.module.css"
import { useCounts } from "./queries"
import { strings } from "./strings"
import { AddButtons, DropOverlay, DropZone, useFileDialogs } from "./upload/DropZone"
import { Incoming } from "./upload/Incoming"
import { useIncoming } from "./upload/useIncoming"

interface Props {
  projectId: string
  search: ImagesSearch
  onSearch: (change: Partial<ImagesSearch>) => void
  /** What other rooms can do with chosen pictures. */
  more?: (imageIds: readonly string[]) => ReactNode
}

const NO_FILTERS: Partial<Filters> = { class: undefined, answer: undefined, suggested: undefined, split: undefined, twins: undefined, import: undefined, name: undefined, min: undefined, max: undefined }
const HAVING: Record<string, Having> = { classification: "one", multi_label: "many" }
const TILE_KEY = "modelyard.tile"
const EVERYTHING: Filters = {}

/** All pictures of a project: bring them in, look through them, choose and label many at once. */
export function ImagesPage({ projectId, search, onSearch, more }: Props) {
  const filters = useMemo(() => filtersOf(search), [search])
  const sort = search.sort ?? "-created_at"
  const classes = useClasses(projectId).data
  const byId = useMemo(() => new Map((classes ?? []).map((entry) => [entry.id, entry])), [classes])
  const everything = useCounts(projectId, EVERYTHING)
  const counts = useCounts(projectId, filters)
  const grid = useGrid(projectId, filters, sort)
  const incoming = useIncoming(projectId)
  const mayNotAdd = useWhyNot(projectId, "manage_data")
  const mayNotLabel = useWhyNot(projectId, "label")
  const { inputs, dialogs } = useFileDialogs(incoming.take)
  const [tilePx, setTilePx] = useState(() => Number(localStorage.getItem(TILE_KEY)) || 140)
  const [isLarge, setLarge] = useState(false)
  const choice = useChoice(grid, { onFocus: (image) => onSearch({ image }), onOpen: () => setLarge(true) })
  const having = HAVING[useProject(projectId).data?.task ?? ""] ?? "none"
  const actions = useActions(projectId, { classes: classes ?? [], chosen: choice.ids, having, onDeleted: choice.forget })
  const openLarge = useCallback(
    (image: string) => {
      onSearch({ image })
      setLarge(true)
    },
    [onSearch],
  )

  const isEmpty = everything.data?.total === 0 && !grid.isFiltered
  return (
    <div className={styles.page}>
      <PageHeader
        title={strings.title}
        about={everything.data && !isEmpty ? strings.count(everything.data.total, counts.data?.total ?? 0, grid.isFiltered) : undefined}
        actions={
          isEmpty ? null : (
            <Barred why={mayNotAdd}>
              <AddButtons dialogs={dialogs} isQuiet />
            </Barred>
          )
        }
      />
      {inputs}
      <Incoming projectId={projectId} incoming={incoming} onShowImport={(importId) => onSearch({ ...NO_FILTERS, import: importId })} />
      {incoming.isOver && mayNotAdd === null && <DropOverlay />}
      {isEmpty && <DropZone dialogs={dialogs} whyNot={mayNotAdd} />}
      {!isEmpty && (
        <>
          <Toolbar
            projectId={projectId}
            filters={filters}
            sort={sort}
            classes={classes ?? []}
            tilePx={tilePx}
            onFilters={onSearch}
            onSort={(next) => onSearch({ sort: next })}
            onTilePx={(px) => {
              setTilePx(px)
              localStorage.setItem(TILE_KEY, String(px))
            }}
          />
          <Chips filters={filters} classes={byId} onChange={onSearch} onClear={() => onSearch(NO_FILTERS)} />
          {grid.isOutdated && (
            <Anchor component="button" type="button" size="sm" onClick={() => grid.again()}>
              {strings.newPictures}
            </Anchor>
          )}
          <div className={styles.body}>
            {grid.first.isPending && (
              <Stack flex={1}>
                <LoadingState label={strings.loading} shape="grid" />
              </Stack>
            )}
            {grid.first.isError && grid.cards.length === 0 && (
              <Group flex={1} justify="center">
                <ErrorState error={grid.first.error} onRetry={() => grid.again()} />
              </Group>
            )}
            {grid.first.isSuccess && grid.cards.length === 0 && (
              <Group flex={1} justify="center">
                <EmptyState title={strings.noneTitle} text={strings.noneText} action={<Button onClick={() => onSearch(NO_FILTERS)}>{strings.clear}</Button>} />
              </Group>
            )}
            {grid.cards.length > 0 && (
              <div className={styles.field}>
                <Grid
                  cards={grid.cards}
                  loaded={grid.loaded}
                  drawn={grid.drawn}
                  tilePx={tilePx}
                  classes={byId}
                  selected={choice.ids}
                  focus={choice.focus}
                  label={strings.title}
                  onWant={grid.want}
                  onColumns={choice.setColumns}
                  onPick={choice.pick}
                  onOpen={openLarge}
                />
                {(choice.ids.size > 0 || choice.isChoosingAll) && (
                  <BulkBar
                    count={choice.ids.size}
                    isComing={choice.isChoosingAll}
                    classes={classes ?? []}
                    isBusy={actions.isBusy || choice.isChoosingAll}
                    having={having}
                    whyNot={{ label: mayNotLabel, delete: mayNotAdd }}
                    onSay={actions.say}
                    onChange={actions.change}
                    onDelete={actions.remove}
                    onClear={choice.clear}
                    more={more?.([...choice.ids])}
                  />
                )}
              </div>
            )}
            {search.image && (
              <DetailPanel
                projectId={projectId}
                imageId={search.image}
                classes={byId}
                isLarge={isLarge}
                onLarge={setLarge}
                onShow={(image) => onSearch({ image })}
                onClose={() => onSearch({ image: undefined })}
              />
            )}
          </div>
        </>
      )}
    </div>
  )
}
