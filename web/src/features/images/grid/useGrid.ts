import { hashKey, useQueries, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query"
import { useCallback, useEffect, useMemo, useRef, useState } from "react"

import type { Filters, Sort } from "../filter/filters"
import { isFiltered } from "../filter/filters"
import { fetchIds, listKey, outlinesQuery, pageQuery, startsQuery, useCounts, type CardPage, type ImageOutlines } from "../queries"
import { PAGE, pagesAround, placed } from "./places"

const AHEAD = 120
const AT_ONCE = 50 // pictures whose drawings are asked for together: the first that are seen should not wait for all
const SETTLE_MS = 80
const FEW_PAGES = 2
const ONLY_FIRST: readonly number[] = [0]

const outlinesOf = (results: UseQueryResult<ImageOutlines[]>[]) => new Map(results.flatMap(({ data }) => data ?? []).map((found) => [found.image_id, found]))
const inParts = (ids: readonly string[]) => Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, part) => ids.slice(part * AT_ONCE, (part + 1) * AT_ONCE))
const isDrawn = ({ answer }: CardPage["items"][number]) => answer?.answer === "objects"
const dataOf = (results: UseQueryResult<CardPage>[]) => results.map((result) => result.data)

/** The pictures of the grid by their place: those that somebody looked at are here, the others come when they do. */
export function useGrid(projectId: string, filters: Filters, sort: Sort) {
  const client = useQueryClient()
  const counts = useCounts(projectId, filters)
  const list = useMemo(() => listKey(projectId, filters, sort), [projectId, filters, sort])
  const scope = hashKey(list) // The same filters may come as another object, as when details are opened.
  const first = useQuery(pageQuery(projectId, filters, sort, undefined))
  const isLong = first.data !== undefined && first.data.next_cursor !== null
  const starts = useQuery({ ...startsQuery(projectId, filters, sort), enabled: isLong }).data

  const [asked, setAsked] = useState({ scope, pages: ONLY_FIRST })
  const pages = asked.scope === scope ? asked.pages : ONLY_FIRST
  const wanted = useMemo(() => pages.filter((page) => page === 0 || starts?.[page - 1] !== undefined), [pages, starts])
  const data = useQueries({ queries: wanted.map((page) => pageQuery(projectId, filters, sort, page === 0 ? undefined : starts?.[page - 1])), combine: dataOf })

  const drawn = useQueries({
    queries: data.flatMap((page) => inParts((page?.items ?? []).filter(isDrawn).map(({ id }) => id))).map((ids) => outlinesQuery(projectId, filters, sort, ids)),
    combine: outlinesOf,
  })

  const expected = counts.data?.total ?? 0
  const pageCount = isLong ? Math.max(starts?.length ?? 0, Math.ceil(expected / PAGE) - 1, 1) + 1 : 1
  const { cards, loaded } = useMemo(() => {
    const here = new Map(wanted.flatMap((page, index) => (data[index] ? [[page, data[index]] as const] : [])))
    const total = isLong && here.size < pageCount ? expected : 0
    return { cards: placed(here, pageCount, total), loaded: [...here.values()].reduce((sum, page) => sum + page.items.length, 0) }
  }, [wanted, data, pageCount, isLong, expected])

  // A scroll bar that is dragged passes many pages: only those where it rests are fetched.
  const view = useRef<[number, number]>([0, 0])
  const timer = useRef<number | undefined>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const want = useCallback(
    (from: number, to: number) => {
      view.current = [from, to]
      timer.current ??= window.setTimeout(() => {
        timer.current = undefined
        const near = pagesAround(...view.current, AHEAD, pageCount)
        setAsked((before) => {
          const had = before.scope === scope ? before.pages : ONLY_FIRST
          const fresh = near.filter((page) => !had.includes(page))
          return fresh.length === 0 && before.scope === scope ? before : { scope, pages: [...had, ...fresh].sort((a, b) => a - b) }
        })
      }, SETTLE_MS)
    },
    [scope, pageCount],
  )

  const again = useCallback(() => {
    setAsked({ scope, pages: ONLY_FIRST })
    void client.resetQueries({ queryKey: list })
  }, [client, list, scope])
  const isSmall = pageCount <= FEW_PAGES
  const isOutdated = first.isSuccess && !first.isFetching && counts.data !== undefined && !counts.isPlaceholderData && (isLong && loaded < cards.length ? starts !== undefined && starts.length !== Math.floor(expected / PAGE) : cards.length !== expected)
  const seen = useRef<number | null>(null)
  const newTotal = isOutdated ? expected : null
  useEffect(() => {
    if (newTotal === null || !isSmall || seen.current === newTotal) return
    seen.current = newTotal
    void client.invalidateQueries({ queryKey: list })
  }, [newTotal, isSmall, client, list])

  return {
    first,
    cards,
    loaded,
    drawn,
    want,
    again,
    allIds: useCallback(() => fetchIds(projectId, filters, sort), [projectId, filters, sort]),
    isFiltered: isFiltered(filters),
    isOutdated: isOutdated && !isSmall,
  }
}
