/** Which pictures are shown: one value that the address, the chips and the server's query all come from. */

import type { paths } from "../../../api/generated/schema"

type Query = NonNullable<paths["/api/v1/projects/{project_id}/images"]["get"]["parameters"]["query"]>
export type ServerFilters = Omit<Query, "sort" | "cursor" | "limit">
export type Sort = NonNullable<Query["sort"]>

export const ANSWERS = ["none", "class", "objects", "does_not_belong", "not_sure"] as const
export const SPLITS = ["train", "val", "test", "none"] as const
export const SORTS = ["-created_at", "created_at", "name", "-score", "score", "sharpness", "-brightness", "brightness"] as const satisfies readonly Sort[]
export type Answer = (typeof ANSWERS)[number]
export type Split = (typeof SPLITS)[number]

export interface Filters {
  class?: string[]
  answer?: Answer[]
  suggested?: string[]
  split?: Split[]
  twins?: boolean
  issues?: boolean
  import?: string
  name?: string
  min?: number
  max?: number
}

export interface ImagesSearch extends Filters {
  sort?: Sort
  /** The picture whose details are open. */
  image?: string
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function listOf<T extends string>(value: unknown, isGood: (entry: string) => entry is T): T[] | undefined {
  const entries = (Array.isArray(value) ? value : [value]).filter((entry): entry is T => typeof entry === "string" && isGood(entry))
  return entries.length > 0 ? [...new Set(entries)] : undefined
}

const isId = (entry: string): entry is string => ID.test(entry)
const oneOf =
  <T extends string>(values: readonly T[]) =>
  (entry: string): entry is T =>
    (values as readonly string[]).includes(entry)
const share = (value: unknown) => (typeof value === "number" && value > 0 && value < 1 ? value : undefined)

/** Reads an address; whatever makes no sense is undefined, said so for every name: the router keeps what is not named. */
export function parseSearch(search: Record<string, unknown>): ImagesSearch {
  const found: Record<keyof ImagesSearch, unknown> & ImagesSearch = {
    class: listOf(search.class, isId),
    answer: listOf(search.answer, oneOf(ANSWERS)),
    suggested: listOf(search.suggested, isId),
    split: listOf(search.split, oneOf(SPLITS)),
    twins: typeof search.twins === "boolean" ? search.twins : undefined,
    issues: typeof search.issues === "boolean" ? search.issues : undefined,
    import: typeof search.import === "string" && isId(search.import) ? search.import : undefined,
    name: typeof search.name === "string" || typeof search.name === "number" ? String(search.name).slice(0, 200) || undefined : undefined,
    min: share(search.min),
    max: share(search.max),
    sort: listOf(search.sort, oneOf(SORTS))?.[0],
    image: typeof search.image === "string" && isId(search.image) ? search.image : undefined,
  }
  return found
}

export function toServer(filters: Filters): ServerFilters {
  return {
    class_id: filters.class,
    answer: filters.answer,
    suggested_class_id: filters.suggested,
    split: filters.split,
    has_twin: filters.twins,
    has_open_issue: filters.issues,
    import_id: filters.import,
    name: filters.name,
    min_score: filters.min,
    max_score: filters.max,
  }
}

export function filtersOf(search: ImagesSearch): Filters {
  const { class: classIds, answer, suggested, split, twins, issues, import: importId, name, min, max } = search
  return { class: classIds, answer, suggested, split, twins, issues, import: importId, name, min, max }
}

/** The part whose counts the filter lists show: choosing one class must not hide the others. */
export function baseOf(filters: Filters): Filters {
  return { import: filters.import, name: filters.name }
}

export function isFiltered(filters: Filters): boolean {
  return Object.values(filters).some((value) => value !== undefined)
}

/** Adds a value to a list of a filter, or takes it out. */
export function toggled<T>(list: readonly T[] | undefined, value: T): T[] | undefined {
  const next = list?.includes(value) ? list.filter((entry) => entry !== value) : [...(list ?? []), value]
  return next.length > 0 ? next : undefined
}
