import { useState, type KeyboardEvent } from "react"

import { confusedFirst, filledCells, type Cell } from "./confusion"
import { strings } from "./strings"
import classes from "./charts.module.css"

interface Props {
  names: readonly string[]
  confusion: readonly (readonly number[])[]
  /** How many classes to show, the most confused first. */
  limit: number
  onOpen: (cell: Cell) => void
}

/** Room for the longest name, about six pixels a letter. */
const roomFor = (names: readonly string[]) => Math.max(...names.map((name) => short(name).length), 4) * 6.4 + 12

/** Rows are the truth, columns what the model said; mistakes are warm, right answers cool, nothing is blank. */
export function ConfusionMatrix({ names, confusion, limit, onOpen }: Props) {
  const order = confusedFirst(confusion, limit)
  const cells = filledCells(confusion, order)
  const place = new Map(order.map((index, at) => [index, at]))
  const [over, setOver] = useState<Cell | null>(null)
  const size = order.length > 40 ? 14 : order.length > 20 ? 20 : order.length > 12 ? 30 : 40
  const label = roomFor(order.map((index) => names[index] ?? ""))
  const side = label + order.length * size + 2
  const rowTotal = (truth: number) => Math.max((confusion[truth] ?? []).reduce((sum, n) => sum + n, 0), 1)
  const name = (index: number) => names[index] ?? "?"

  function move(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      event.stopPropagation()
      const at = over ? cells.findIndex((cell) => cell.truth === over.truth && cell.predicted === over.predicted) : -1
      setOver(cells[Math.min(Math.max(at + step, 0), cells.length - 1)] ?? null)
    } else if (event.key === "Enter" && over) {
      event.preventDefault()
      onOpen(over)
    }
  }

  return (
    <div className={classes.matrixBox}>
      <p className={classes.reading} aria-live="polite">
        {over
          ? over.truth === over.predicted
            ? `${name(over.truth)}: ${over.n} of ${rowTotal(over.truth)} recognised`
            : `${over.n} of ${rowTotal(over.truth)} pictures of ${name(over.truth)} were taken for ${name(over.predicted)}`
          : strings.readCell}
      </p>
      <svg
        className={classes.matrix}
        width={side}
        height={side}
        viewBox={`0 0 ${side} ${side}`}
        tabIndex={0}
        role="application"
        aria-label="Confusion matrix. Arrows move between filled cells, Enter opens their pictures."
        onKeyDown={move}
        onMouseLeave={() => setOver(null)}
      >
        {order.map((index, at) => (
          <g key={index} className={over && (over.truth === index || over.predicted === index) ? classes.named : classes.name}>
            <text x={label - 6} y={label + at * size + size / 2 + 4} textAnchor="end">
              {short(name(index))}
            </text>
            <text transform={`translate(${label + at * size + size / 2 + 4} ${label - 6}) rotate(-90)`}>{short(name(index))}</text>
            <rect className={classes.row} x={label} y={label + at * size} width={order.length * size} height={size} />
            <rect className={classes.row} x={label + at * size} y={label} width={size} height={order.length * size} />
          </g>
        ))}
        {cells.map((cell) => {
          const x = label + (place.get(cell.predicted) ?? 0) * size
          const y = label + (place.get(cell.truth) ?? 0) * size
          const depth = 0.25 + 0.75 * Math.min(cell.n / rowTotal(cell.truth), 1)
          const isDeep = cell.truth === cell.predicted && depth > 0.6
          const isOver = over?.truth === cell.truth && over.predicted === cell.predicted
          return (
            <g key={`${cell.truth}-${cell.predicted}`} className={classes.cell} data-cell={`${name(cell.truth)}>${name(cell.predicted)}`} onMouseEnter={() => setOver(cell)} onClick={() => onOpen(cell)}>
              <rect
                className={`${cell.truth === cell.predicted ? classes.right : classes.wrong} ${isOver ? classes.over : ""}`}
                x={x + 0.5}
                y={y + 0.5}
                width={size - 1}
                height={size - 1}
                rx={2}
                fillOpacity={depth}
              />
              {size >= 20 && (
                <text className={isDeep ? `${classes.count} ${classes.onDeep}` : classes.count} x={x + size / 2} y={y + size / 2 + 4} textAnchor="middle">
                  {cell.n}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </div>
  )
}

function short(name: string): string {
  return name.length > 18 ? `${name.slice(0, 17)}…` : name
}
