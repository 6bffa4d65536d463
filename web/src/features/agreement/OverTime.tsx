import { Card, Text } from "@mantine/core"

import { CardTitle } from "../../ui"
import classes from "./agreement.module.css"
import type { Agreement } from "./queries"
import { strings } from "./strings"

const WIDTH = 960
const HEIGHT = 220
const LEFT = 52
const BOTTOM = 28
const RIGHT = 24

const day = (date: string) => new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })

/** How far people agreed in what came in day by day; below, how much there was to compare. */
export function OverTime({ found }: { found: Agreement }) {
  const points = found.over_time
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return null
  return (
    <Card padding="lg" data-testid="over-time">
      <CardTitle gap={false}>{strings.time.title}</CardTitle>
      <Text c="dimmed" mb="sm">
        {points.length === 1 ? strings.time.one(strings.time.day(day(first.since), day(first.until)), strings.share(first.agreed)) : strings.time.text}
      </Text>
      {points.length > 1 && <Chart points={points} from={Date.parse(first.since)} to={Date.parse(last.since)} />}
    </Card>
  )
}

function Chart({ points, from, to }: { points: Agreement["over_time"]; from: number; to: number }) {
  const x = (date: string) => LEFT + 12 + ((Date.parse(date) - from) / (to - from)) * (WIDTH - LEFT - RIGHT - 24)
  const y = (share: number) => 8 + (1 - share) * (HEIGHT - BOTTOM - 8)
  const most = Math.max(...points.map((point) => point.comparisons))
  const measured = points.flatMap((point) => (point.agreed === null ? [] : [{ ...point, agreed: point.agreed }]))
  const path = measured.map((point, at) => `${at === 0 ? "M" : "L"}${x(point.since)} ${y(point.agreed)}`).join(" ")
  const every = Math.max(1, Math.ceil(points.length / 8))
  return (
    <svg className={classes.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={measured.map((point) => strings.time.point(day(point.since), strings.share(point.agreed), point.comparisons)).join("; ")}>
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text className={classes.tick} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
            {strings.share(tick)}
          </text>
        </g>
      ))}
      {points.map((point, at) => {
        const height = 48 * (point.comparisons / most)
        return (
          <g key={point.since}>
            <rect className={classes.amount} x={x(point.since) - 8} width={16} y={HEIGHT - BOTTOM - height} height={height} rx={2} />
            {at % every === 0 && (
              <text className={classes.tick} x={x(point.since)} y={HEIGHT - 8} textAnchor="middle">
                {day(point.since)}
              </text>
            )}
          </g>
        )
      })}
      <path className={classes.line} d={path} />
      {measured.map((point) => (
        <circle key={point.since} className={classes.dot} cx={x(point.since)} cy={y(point.agreed)} r={4}>
          <title>{strings.time.point(strings.time.day(day(point.since), day(point.until)), strings.share(point.agreed), point.comparisons)}</title>
        </circle>
      ))}
    </svg>
  )
}
