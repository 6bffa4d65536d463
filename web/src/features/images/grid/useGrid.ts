import { useCallback, useEffect, useMemo, useRef } from "react"

import type { Filters, Sort } from "../filter/filters"
import { isFiltered } from "../filter/filters"
import { useCounts, useGridPages, type ImageCard } from "../queries"

const AHEAD = 120
const FEW_PAGES = 2

/** The pictures of the grid: as many as are loaded, the number that there will be, and ways to load more. */
export function useGrid(projectId: string, filters: Filters, sort: Sort) {
  const pages = useGridPages(projectId, filters, sort)
  const counts = useCounts(projectId, filters)
  const cards = useMemo<ImageCard[]>(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data])
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages
  const total = hasNextPage ? Math.max(cards.length, counts.data?.total ?? 0) : cards.length

  // The last row that somebody looks at. Loading goes on until it is there.
  const wanted = useRef(0)
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && cards.length < wanted.current + AHEAD) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, cards.length, fetchNextPage])
  useEffect(more, [more])
  const want = useCallback(
    (index: number) => {
      wanted.current = index
      more()
    },
    [more],
  )

  const isOutdated = !pages.isFetching && !hasNextPage && counts.data !== undefined && !counts.isPlaceholderData && counts.data.total !== cards.length
  const isSmall = (pages.data?.pages.length ?? 0) <= FEW_PAGES
  const seen = useRef<number | null>(null)
  const newTotal = isOutdated ? counts.data.total : null
  useEffect(() => {
    if (newTotal === null || !isSmall || seen.current === newTotal) return
    seen.current = newTotal
    void refetch()
  }, [newTotal, isSmall, refetch])

  return {
    pages,
    cards,
    total,
    want,
    loadAll: useCallback(() => want(Number.MAX_SAFE_INTEGER), [want]),
    isFiltered: isFiltered(filters),
    isOutdated: isOutdated && !isSmall,
  }
}
