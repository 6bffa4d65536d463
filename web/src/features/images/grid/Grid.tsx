import { useElementSize, useMergedRef } from "@mantine/hooks"
import { useVirtualizer } from "@tanstack/react-virtual"
import { useEffect, useRef, type MouseEvent } from "react"

import type { ProjectClass } from "../../../api/shared"
import styles from "../images.module.css"
import type { ImageCard, ImageOutlines } from "../queries"
import { Tile } from "./Tile"

const GAP = 6

interface Props {
  /** By their place; empty where a page is not loaded yet. */
  cards: readonly (ImageCard | undefined)[]
  loaded: number
  /** What is drawn into them, by image. */
  drawn: ReadonlyMap<string, ImageOutlines>
  tilePx: number
  classes: ReadonlyMap<string, ProjectClass>
  selected: ReadonlySet<string>
  focus: number | null
  label: string
  onWant: (from: number, to: number) => void
  onColumns: (columns: number) => void
  onPick: (index: number, event: MouseEvent) => void
  onOpen: (id: string) => void
}

/** Only the rows on screen exist; the scroll bar tells the truth about all of them. */
export function Grid({ cards, loaded, drawn, tilePx, classes, selected, focus, label, onWant, onColumns, onPick, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: measure, width } = useElementSize()
  const total = cards.length
  const columns = Math.max(2, Math.floor((width + GAP) / (tilePx + GAP)))
  const rowPx = width > 0 ? (width - GAP * (columns - 1)) / columns + GAP : tilePx
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualiser's functions are not passed on
  const rows = useVirtualizer({
    count: width > 0 ? Math.ceil(total / columns) : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 3,
    paddingEnd: 72, // What is chosen can be worked on in a bar over the lower edge.
  })
  const items = rows.getVirtualItems()
  const from = (items[0]?.index ?? 0) * columns
  const to = ((items[items.length - 1]?.index ?? 0) + 1) * columns
  useEffect(() => onWant(from, to), [from, to, onWant])
  useEffect(() => rows.measure(), [rows, rowPx])
  useEffect(() => onColumns(columns), [columns, onColumns])
  useEffect(() => {
    if (focus !== null && width > 0) rows.scrollToIndex(Math.floor(focus / columns), { align: "auto" })
  }, [rows, focus, columns, width])
  const ref = useMergedRef(scroller, measure)
  return (
    <div className={styles.scroller} ref={ref} tabIndex={0} role="group" aria-label={label} data-testid="grid" data-loaded={loaded}>
      <div style={{ height: rows.getTotalSize(), position: "relative" }}>
        {items.map((row) => (
          <div
            key={row.key}
            className={styles.row}
            style={{ height: rowPx - GAP, gap: GAP, gridTemplateColumns: `repeat(${columns}, 1fr)`, transform: `translateY(${row.start}px)` }}
          >
            {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
              const index = row.index * columns + column
              const card = cards[index]
              if (!card) return <span key={index} className={styles.blank} />
              return (
                <Tile
                  key={card.id}
                  card={card}
                  drawn={drawn.get(card.id)}
                  classes={classes}
                  isSelected={selected.has(card.id)}
                  isFocused={focus === index}
                  onPick={(event) => onPick(index, event)}
                  onOpen={() => onOpen(card.id)}
                />
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}
