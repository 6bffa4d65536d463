import { Group, Select, Slider, TextInput } from "@mantine/core"
import { IconPhoto, IconSearch } from "@tabler/icons-react"
import { useEffect, useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import { strings } from "../strings"
import { FilterMenu } from "./FilterMenu"
import { SORTS, type Filters, type Sort } from "./filters"

const PAUSE_MS = 300

interface Props {
  projectId: string
  filters: Filters
  sort: Sort
  classes: readonly ProjectClass[]
  tilePx: number
  onFilters: (change: Partial<Filters>) => void
  onSort: (sort: Sort) => void
  onTilePx: (px: number) => void
}

export function Toolbar({ projectId, filters, sort, classes, tilePx, onFilters, onSort, onTilePx }: Props) {
  return (
    <Group gap="xs">
      <Search key={filters.name ?? ""} name={filters.name ?? ""} onSearch={(name) => onFilters({ name: name || undefined })} />
      <FilterMenu projectId={projectId} filters={filters} classes={classes} onChange={onFilters} />
      <Select
        aria-label={strings.sort}
        value={sort}
        onChange={(value) => value && onSort(value)}
        allowDeselect={false}
        w="13rem"
        data={SORTS.map((value) => ({ value, label: strings.sorts[value] ?? value }))}
      />
      <Group gap={8} ml="auto" wrap="nowrap">
        <IconPhoto size={14} color="var(--my-quiet)" aria-hidden />
        <Slider size="sm" w="7rem" min={80} max={260} step={10} value={tilePx} onChange={onTilePx} label={null} thumbLabel={strings.size} />
        <IconPhoto size={20} color="var(--my-quiet)" aria-hidden />
      </Group>
    </Group>
  )
}

function Search({ name, onSearch }: { name: string; onSearch: (name: string) => void }) {
  const [text, setText] = useState(name)
  useEffect(() => {
    if (text === name) return
    const timer = window.setTimeout(() => onSearch(text.trim()), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [text, name, onSearch])
  return (
    <TextInput
      aria-label={strings.search}
      placeholder={strings.search}
      value={text}
      autoFocus={name !== ""}
      onChange={(event) => setText(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      w="13rem"
    />
  )
}
